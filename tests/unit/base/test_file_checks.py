"""Zip, Parquet and XML files are judged before their content is read."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
import warnings
import zipfile
from xml.parsers.expat import ExpatError

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from nhcplanner.base.file_checks import (
    MOST_RATIO,
    VECTOR_DRIVERS,
    DoctypeError,
    count_elements,
    is_bomb,
    parquet_problems,
    zip_problems,
)

pytestmark = pytest.mark.unit


def test_small_files_may_be_packed_as_tightly_as_they_like():
    assert not is_bomb(10, 1_000_000)


def test_a_file_beyond_the_ratio_is_a_bomb():
    assert not is_bomb(10_000, MOST_RATIO * 10_000)
    assert is_bomb(10_000, MOST_RATIO * 10_000 + 1)


def members(*sizes, locked=False):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, size in enumerate(sizes):
            packed.writestr(f"in/{number}.txt", b"0" * size)
        packed.mkdir("folder")
    found = zipfile.ZipFile(written).infolist()
    for member in found:
        member.flag_bits |= int(locked)
    return found


def test_each_limit_of_a_zip_is_named():
    assert zip_problems(members(10, 20), 30, 2) == []
    assert zip_problems(members(10, 20), 29, 2) == ["unpacks to more than 2.9e-08 GB"]
    assert zip_problems(members(10, 20), 30, 1) == ["holds 2 files, more than 1"]
    assert zip_problems(members(10, locked=True), 30) == [
        "holds 0.txt, which is locked by a password"
    ]


def test_a_member_that_unpacks_to_far_more_is_named():
    (words,) = zip_problems(members(2_000_000), 10**9)
    assert words.startswith("holds 0.txt, which unpacks to ")
    assert zip_problems(members(2_000_000), 10**9, small=2_000_000) == []


def _problems(path, rows=1_000, columns=100, size=1_000_000):
    return parquet_problems(path, rows, columns, size)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "table.parquet"
    parquet.write_table(pa.table({"a": [1, 2, 3], "b": ["x", "y", "z"]}), path)
    return path


def test_a_plain_table_has_no_problem(path):
    assert _problems(path) == []


def test_rows_columns_and_bytes_are_limited(path):
    assert _problems(path, rows=2, size=10) == [
        "has 3 rows, more than 2",
        "unpacks to 0.0 GB, more than 1e-08 GB",
    ]
    assert _problems(path, columns=1) == ["has 2 columns, more than 1"]


def test_another_file_is_no_parquet(tmp_path):
    path = tmp_path / "table.parquet"
    path.write_bytes(b"<OGRVRTDataSource>")
    assert _problems(path) == ["is not a Parquet file"]


def test_columns_in_other_files_are_refused(tmp_path, path):
    about = parquet.read_metadata(path)
    about.set_file_path("../../secret.parquet")
    parts = tmp_path / "parts.parquet"
    about.write_metadata_file(parts)
    assert _problems(parts) == ["refers to columns in other files, which are not read"]


class _Canary:
    """Makes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


def test_pickles_in_the_schema_are_not_run(tmp_path):
    canary = tmp_path / "canary"
    extension = {
        b"ARROW:extension:name": b"arrow.py_extension_type",
        b"ARROW:extension:metadata": pickle.dumps(_Canary(str(canary))),
    }
    field = pa.field("a", pa.int64(), metadata=extension)
    path = tmp_path / "table.parquet"
    parquet.write_table(pa.table([pa.array([1])], schema=pa.schema([field])), path)
    assert _problems(path) == []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyarrow may warn that it does not unpickle
        assert pd.read_parquet(path)["a"].tolist() == [1]
    assert not canary.exists()
    pickle.loads(pickle.dumps(_Canary(str(canary)))).close()
    assert canary.exists()


def test_elements_are_counted_by_tag(tmp_path):
    path = tmp_path / "graph.xml"
    path.write_text("<a:g xmlns:a='x'><n/><n/><e/></a:g>", encoding="utf-8")
    assert count_elements(path) == {"g": 1, "n": 2, "e": 1}


@pytest.mark.parametrize(
    "inside",
    [
        '<!ENTITY x SYSTEM "file:///etc/hostname">',
        '<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;"><!ENTITY x "&b;&b;&b;">',
        '<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;',
        "",
    ],
)
def test_document_types_are_refused(tmp_path, inside):
    path = tmp_path / "graph.xml"
    path.write_text(f"<!DOCTYPE g [{inside}]><g>&x;</g>", encoding="utf-8")
    with pytest.raises(DoctypeError):
        count_elements(path)


def test_broken_xml_is_an_error_of_the_parser(tmp_path):
    path = tmp_path / "graph.xml"
    path.write_text("<g><n></g>", encoding="utf-8")
    with pytest.raises(ExpatError):
        count_elements(path)


pytestmark = pytest.mark.unit
ASK = """
import pyogrio
from nhcplanner.base.file_checks import restrict_drivers
assert {"OGR_VRT", "WFS", "CSV"} <= set(pyogrio.list_drivers())
restrict_drivers()
restrict_drivers()
print(*sorted(pyogrio.list_drivers()), sep=",")
print(pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY"))
"""


def test_drivers_that_are_not_wanted_are_gone_and_addresses_lead_nowhere():
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    drivers, proxy = done.stdout.split()[0:-1], done.stdout.split()[-1]
    assert set(" ".join(drivers).split(",")) == VECTOR_DRIVERS
    assert proxy == "127.0.0.1:9"
