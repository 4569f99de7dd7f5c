"""Checks of untrusted Parquet and XML files, before their content is used.

XML files that declare a document type are refused, as their entities can expand without limit.
Sources: https://docs.python.org/3/library/xml.html#xml-vulnerabilities, and the defusedxml package.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from xml.parsers import expat

_MAGIC = b"PAR1"


def parquet_problems(path: Path, most_rows: int, most_columns: int, most_bytes: int) -> list[str]:
    """Return the reasons why a Parquet file must not be read; empty if there are none.

    Parameters
    ----------
    path
        The file.
    most_rows, most_columns
        Largest number of rows and of columns.
    most_bytes
        Largest size of its columns in bytes, decompressed but still encoded.

    Raises
    ------
    OSError, ValueError
        If the footer is damaged (pyarrow's errors are both).
    """
    from pyarrow import parquet  # noqa: PLC0415 - slow to import, and few need it

    with path.open("rb") as file:
        start = file.read(4)
    if start != _MAGIC:
        return ["is not a Parquet file"]
    with parquet.ParquetFile(path) as file:
        about = file.metadata
    problems = []
    if about.num_rows > most_rows:
        problems.append(f"has {about.num_rows:,} rows, more than {most_rows:,}")
    if about.num_columns > most_columns:
        return [*problems, f"has {about.num_columns:,} columns, more than {most_columns:,}"]
    chunks = [
        about.row_group(group).column(column)
        for group in range(about.num_row_groups)
        for column in range(about.num_columns)
    ]
    if any(chunk.file_path for chunk in chunks):
        problems.append("refers to columns in other files, which are not read")
    size = sum(chunk.total_uncompressed_size for chunk in chunks)
    if size > most_bytes:
        problems.append(f"unpacks to {size / 1e9:,.1f} GB, more than {most_bytes / 1e9:g} GB")
    return problems


class DoctypeError(ValueError):
    """An XML file declares a document type."""


def refuse_doctype(*_: object) -> None:
    """Raise `DoctypeError`; set it as `StartDoctypeDeclHandler` of an expat parser."""
    raise DoctypeError("holds a document type declaration")


def count_elements(path: Path) -> Counter[str]:
    """Count the elements of an XML file by tag, without keeping its content.

    Parameters
    ----------
    path
        The file; it is read in pieces.

    Raises
    ------
    DoctypeError
        If it declares a document type; no entity has been resolved by then.
    xml.parsers.expat.ExpatError
        If it is not well-formed XML.
    """
    counts: Counter[str] = Counter()

    def count(tag: str, _: object) -> None:
        counts[tag.rpartition(":")[2]] += 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = count
    parser.StartDoctypeDeclHandler = refuse_doctype
    with path.open("rb") as file:
        parser.ParseFile(file)
    return counts


VECTOR_DRIVERS = frozenset({"GPKG", "GeoJSON", "ESRIJSON", "ESRI Shapefile", "FlatGeobuf"})
"""Drivers for the formats of users' layers."""
WRITE_DRIVERS = frozenset({"LIBKML"})
"""Further drivers that the exports need."""

_NOWHERE = "127.0.0.1:9"
ENVIRONMENT: Mapping[str, str] = {
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_HTTP_PROXY": _NOWHERE,
    "GDAL_HTTPS_PROXY": _NOWHERE,
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "PROJ_NETWORK": "OFF",
}
"""Variables that keep GDAL and PROJ off the network, set before GDAL starts.

Every address goes to a port of this machine where nothing listens (discard, RFC 863)."""


def restrict_drivers(drivers: Collection[str] = VECTOR_DRIVERS) -> None:
    """Unregister all other GDAL drivers of this process, and block GDAL's network access.

    Parameters
    ----------
    drivers
        Short names of the drivers to keep.

    Raises
    ------
    RuntimeError
        If another driver is still registered afterwards.
    """
    import pyogrio  # noqa: PLC0415 - slow to import, and only reading layers needs it
    from pyogrio import core  # noqa: PLC0415

    others = sorted(name for name in pyogrio.list_drivers() if name not in drivers)
    if not others:
        return
    pyogrio.set_gdal_config_options({**ENVIRONMENT, "GDAL_SKIP": ",".join(others)})
    core._register_drivers()  # noqa: SLF001 - GDALAllRegister, which drops what GDAL_SKIP names
    left = sorted(name for name in pyogrio.list_drivers() if name not in drivers)
    if left:
        raise RuntimeError(f"GDAL keeps drivers that are not wanted: {', '.join(left)}")
