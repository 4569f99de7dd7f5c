"""Tables and records written together, all or nothing."""

import json

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.outputs.table_files import write_table_files


def test_tables_and_records_stand_side_by_side(tmp_path):
    table = pd.DataFrame({"part": ["Köln"], "people": [3]})
    written = write_table_files(tmp_path, {"parts": table}, {"plans/north": {"status": "optimal"}})
    assert {path.relative_to(tmp_path).as_posix() for path in written} == {
        "parts.csv",
        "plans/north.json",
    }
    assert (tmp_path / "parts.csv").read_text(encoding="utf-8-sig") == "part,people\nKöln,3\n"
    record = json.loads((tmp_path / "plans" / "north.json").read_text(encoding="utf-8"))
    assert record == {"status": "optimal"}


def test_a_folder_that_cannot_be_written_is_a_fault(tmp_path):
    (tmp_path / "file").write_text("here")
    with pytest.raises(InputError):
        write_table_files(tmp_path / "file", {}, {"record": {}})
