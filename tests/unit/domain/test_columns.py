from pathlib import Path

from nhcplanner.domain.columns import LAYERS, markdown

README = Path(__file__).parents[3] / "data" / "README.md"


def test_the_dictionary_on_disk_is_that_of_the_schema():
    assert README.read_text(encoding="utf-8") == markdown()


def test_every_column_has_a_row_with_its_meaning():
    rows = [line for line in markdown().splitlines() if line.startswith("| `")]
    for columns in LAYERS.values():
        for column in columns:
            assert any(f"`{column.name}`" in row and column.meaning in row for row in rows)
    imd = next(row for row in rows if "`imd_decile`" in row)
    assert "1 to 10" in imd
