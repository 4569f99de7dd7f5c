import pandas as pd
import pytest

from nhcplanner.travel.matrix_cells import clock_fault, to_numbers


@pytest.mark.parametrize(
    ("cells", "unit", "values", "found", "converted"),
    [
        (["1", "2.5", "", "na"], "minutes", [1, 2.5], "minutes", 0),
        (["0:12:30", "01:00:00", "-"], "", [750, 3600], "seconds", 1),
        (["12,5", "3"], "minutes", [12.5, 3], "minutes", 1),
    ],
)
def test_cells_as_numbers(cells, unit, values, found, converted):
    numbers, got, words = to_numbers(pd.Series(cells), unit)
    assert numbers.dropna().tolist() == values
    assert (got, len(words)) == (found, converted)


def test_what_is_no_number_stays_blank():
    numbers, _, _ = to_numbers(pd.Series(["x", "0:12:30"]), "minutes")
    assert numbers.isna().all()


def test_two_numbers_with_a_colon_are_refused():
    (fault,) = clock_fault(pd.Series(["5", "12:30"]), "m.csv")
    assert (fault.row, "like 12:30" in fault.problem) == (3, True)
