"""Hostile and damaged hand-ins are refused or reported, and nothing leaves the folder."""

import json
import zipfile

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.verify.reading import read_files, unguarded

RECORD = json.dumps({"plan": {"opened": []}, "scenario": {}})


def packed(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


def test_a_folder_and_its_zip_give_the_same(tmp_path):
    folder = tmp_path / "handin"
    (folder / "tables").mkdir(parents=True)
    (folder / "plan.json").write_text(RECORD)
    pd.DataFrame({"site_id": ["'=1+1", "01"]}).to_csv(
        folder / "tables" / "sites_wide.csv", index=False, encoding="utf-8-sig"
    )
    archive = tmp_path / "h.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for name in ("plan.json", "tables/sites_wide.csv"):
            made.write(folder / name, f"handin/{name}")
    for path in (folder, archive):
        found = read_files(path)
        assert found.tables["sites_wide"]["site_id"].tolist() == ["=1+1", "01"]


@pytest.mark.parametrize(
    "name", ["../plan.json", "/plan.json", "a/../../plan.json", "C:/plan.json"]
)
def test_a_zip_that_names_files_outside_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="outside"):
        read_files(packed(tmp_path / "h.zip", **{name: RECORD}))


def test_a_bomb_is_refused(tmp_path):
    path = packed(tmp_path / "h.zip", **{"plan.json": b"0" * 50_000_000})
    with pytest.raises(InputError, match="far too much"):
        read_files(path)


def test_what_is_no_hand_in_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such"):
        read_files(tmp_path / "none")
    with pytest.raises(InputError, match=r"no plan\.json"):
        read_files(tmp_path)
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 no zip")
    with pytest.raises(InputError, match="zip"):
        read_files(tmp_path / "broken.zip")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("brief.docx", b"no zip"),
        ("book.xlsx", b"no zip"),
        ("plan.gpkg", b"SQLite format 3\0 broken"),
        ("layer.geojson", b"{"),
        ("layer.kml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><kml>&a;</kml>"),
        ("layer.parquet", b"PAR1"),
    ],
)
def test_a_damaged_file_is_reported_by_name(tmp_path, name, content):
    (tmp_path / "plan.json").write_text(RECORD)
    (tmp_path / name).write_bytes(content)
    assert [file for file, _ in read_files(tmp_path).faults] == [name]


def test_text_that_a_spreadsheet_would_run_loses_its_guard_only():
    assert [unguarded(one) for one in ("'=1", "'-2", "'s", "Mill", "'")] == [
        "=1", "-2", "'s", "Mill", "'",
    ]  # fmt: skip
