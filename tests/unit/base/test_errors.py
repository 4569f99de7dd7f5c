from nhcplanner.base.errors import Fault, InputError


def test_a_fault_names_file_row_column_and_mend():
    fault = Fault("-2 is below 0", "areas.csv", 7, "people", "Give 0 or more")
    assert str(fault) == "areas.csv, row 7, column people: -2 is below 0. Give 0 or more"


def test_every_fault_is_told_with_their_number():
    error = InputError([Fault("one"), "two"])
    assert str(error) == "2 problems found:\none\ntwo"
    assert isinstance(error, ValueError)


def test_a_flood_of_faults_is_cut_but_counted():
    text = str(InputError([f"fault {i}" for i in range(1000)]))
    assert text.startswith("1000 problems found:")
    assert text.endswith("... and 960 more problems like these")


def test_what_a_cell_holds_neither_floods_nor_steers_the_terminal():
    text = str(Fault("\x1b[2J" + "x" * 100_000 + " is no figure", "sites.csv"))
    assert len(text) < 2_100
    assert text.startswith("sites.csv: \ufffd[2Jxxx")
    assert text.endswith("is no figure")
