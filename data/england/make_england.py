"""Make data/england: open official figures of every area of England, as small Parquet files.

    python data/england/make_england.py FOLDER [TARGET]

FOLDER holds the files that sources.toml names; TARGET is this folder unless another is given. The
same files give the same bytes: rows are ordered, the settings of Parquet are fixed, and nothing
depends on the day. layers.toml is written beside the layers: what each holds and rests on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w
from area_layers import area_table, indicator_table, projection_table, shape_table, unit_table
from reading import HERE, Inputs, sha256
from site_layers import place_name_table, site_table
from water_layer import water_table

HLE_COLUMNS = ["area_code", "period", "sex"]


def hle_table(inputs: Inputs) -> pd.DataFrame:
    """HLE at birth by council, region and nation, a row a code, period and sex."""
    return inputs.table("hle").sort_values(HLE_COLUMNS)


def msoa_hle_table(inputs: Inputs) -> pd.DataFrame:
    """HLE at birth by middle layer area of 2011 and sex, 2009-13."""
    table = inputs.table("msoa_hle")[
        ["msoa11_code", "sex", "hle", "hle_lci95", "hle_uci95", "le_implausible"]
    ]
    named = table.rename(columns={"hle_lci95": "lci_95", "hle_uci95": "uci_95"})
    return named.sort_values(["msoa11_code", "sex"])


LAYERS: dict[str, tuple[Callable[[Inputs], pd.DataFrame | pa.Table], str]] = {
    "areas": (area_table, "Areas: codes, names, people, deprivation, weighted centroid"),
    "indicators": (indicator_table, "Indices of Deprivation 2025: domains and indicators by area"),
    "shapes": (shape_table, "Areas: shapes in EPSG:27700 (GeoParquet)"),
    "water": (water_table, "Sea and estuaries around England, runs of cells of 250 m"),
    "hle": (hle_table, "Healthy life expectancy at birth by council, region and nation"),
    "msoa_hle": (msoa_hle_table, "Healthy life expectancy at birth by MSOA, 2009-13"),
    "projection_units": (unit_table, "Areas to sub-ICB locations, which are projected"),
    "projections": (projection_table, "People of sub-ICB locations by age and year, 2022-based"),
    "sites": (site_table, "Buildings that a centre may be in"),
    "place_names": (place_name_table, "Towns and villages of Great Britain, for maps"),
}
"""Each layer: what makes it, and what it holds."""


def main(folder: Path, target: Path = HERE) -> None:
    """Write every layer and layers.toml into a folder."""
    target.mkdir(parents=True, exist_ok=True)
    inputs = Inputs(folder)
    layers = {}
    used: dict[str, list[str]] = {}
    for name, (make, title) in LAYERS.items():
        inputs.read, before = {}, inputs.read
        table = make(inputs)
        used[name] = sorted(inputs.read)
        inputs.read = before | inputs.read
        path = target / f"{name}.parquet"
        rows = _write(table, path)
        layers[name] = {
            "title": title, "file": path.name, "rows": rows, "bytes": path.stat().st_size,
            "sha256": sha256(path), "sources": used[name],
        }  # fmt: skip
        print(f"{path.name}: {rows:,} rows, {path.stat().st_size / 1e6:.2f} MB")
    sources = {key: said | inputs.read[key] for key, said in inputs.pedigree.items()}
    head = "# Made by make_england.py of sources.toml: change it there.\n\n"
    text = head + tomli_w.dumps({"layers": layers, "sources": sources})
    (target / "layers.toml").write_text(text, encoding="utf-8", newline="\n")


def _write(table: pd.DataFrame | pa.Table, path: Path) -> int:
    """Write Parquet with fixed settings and no mark of who wrote it; rows written."""
    if isinstance(table, pd.DataFrame):
        table = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    # Years of a projection differ little from row to row: their differences take half the bytes.
    years = [name for name in table.column_names if name.isdigit()]
    words = [name for name in table.column_names if name not in years]
    pq.write_table(
        table, path, compression="zstd", compression_level=19, row_group_size=40_000,
        version="2.6", write_statistics=True, store_schema=False,
        use_dictionary=words, column_encoding=dict.fromkeys(years, "DELTA_BINARY_PACKED"),
    )  # fmt: skip
    return table.num_rows


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(Path(given) for given in sys.argv[2:3]))
