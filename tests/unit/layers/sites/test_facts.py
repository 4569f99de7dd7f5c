"""Words, money and sizes of lists: what is asked, and what answers settle."""

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import questions_of
from nhcplanner.layers import read_estates
from nhcplanner.layers.readers.column_map import ColumnMap

HEAD = "Site id,Kind,Status,Easting,Northing"


def rows(*statuses):
    listed = [f"S{n},clinic,{word},{485_000 + 900 * n},308600" for n, word in enumerate(statuses)]
    return "\n".join([HEAD, *listed]).encode()


def estates(content, **said):
    return read_estates(content, "list.csv", ColumnMap(**said))


def asked(content, **said):
    with pytest.raises(InputError) as caught:
        estates(content, **said)
    return [question.key for question in questions_of(caught.value)]


def test_not_available_is_forbidden_and_a_blank_is_a_recorded_default():
    found = estates(rows("Not available", "not_available", "", "Candidate"))
    assert found.sites["status"].tolist() == ["forbidden", "forbidden", "candidate", "candidate"]
    assert [event.words for event in found.intake.events] == [
        "status blank in 1 row: taken as candidate"
    ]


def test_unknown_statuses_are_one_question_a_word():
    content = rows("Operational", "Vacant", "Operational", "Candidate")
    assert asked(content) == ["status.operational", "status.vacant"]
    words = {"Operational": "existing", "vacant": "candidate"}
    found = estates(content, values={"status": words})
    assert found.sites["status"].tolist() == ["existing", "candidate", "existing", "candidate"]
    answers = {"status.operational": "candidate", "status.vacant": "forbidden"}
    found = estates(content, assume=answers)
    assert found.sites["status"].tolist() == ["candidate", "forbidden", "candidate", "candidate"]


def test_a_list_most_of_which_exists_is_asked_about():
    content = rows("Existing", "Existing", "Existing", "Candidate")
    assert asked(content) == ["existing"]
    buildings = estates(content, assume={"existing": "building"})
    assert set(buildings.sites["status"]) == {"candidate"}
    centres = estates(content, assume={"list.csv:existing": "nhc"})
    assert centres.sites["status"].tolist()[:3] == ["existing"] * 3
    named = estates(content.replace(b"Status", b"NHC status"))
    assert named.sites["status"].tolist()[:3] == ["existing"] * 3


def costs(heading, *cells):
    listed = [f"S{n},clinic,{485_000 + 900 * n},308600,{c}" for n, c in enumerate(cells)]
    return "\n".join([f"Site id,Kind,Easting,Northing,{heading}", *listed]).encode()


@pytest.mark.parametrize(
    "heading", ["Cost per year", "Annual cost", "Cost (£ per annum)", "Running cost pa"]
)
def test_a_yearly_cost_is_no_capital_cost(heading):
    found = estates(costs(heading, "85000", "120000"))
    assert found.sites["running_cost"].tolist() == [85_000, 120_000]
    assert "cost" not in found.sites


def test_units_of_money_settle_small_figures():
    content = costs("Capital cost", "1.2", "0.85", "12")
    assert asked(content) == ["cost.unit"]
    found = estates(content, units={"cost": "millions"})
    assert found.sites["cost"].tolist() == [1_200_000, 850_000, 12_000_000]
    column = next(c for c in found.intake.columns if c.ours == "cost")
    assert (column.unit, column.examples[0]) == ("millions", "1.2 -> 1200000")


def test_a_full_sum_under_a_heading_in_thousands_is_asked_about():
    assert asked(costs("Capital (£000s)", "1200", '"1,200,000"')) == ["cost.check"]


def test_sizes_without_a_unit_are_one_question():
    content = costs("GIA", "500", "900")
    assert asked(content) == ["floor_area_m2.unit"]
    found = estates(content, units={"floor_area_m2": "sq ft"})
    assert found.sites["floor_area_m2"].tolist() == pytest.approx([46.45, 83.61], abs=0.01)


def test_a_rounded_or_dated_id_is_refused():
    for cell in ("1.00E+11", "Mar-01"):
        content = rows("Candidate").replace(b"S0", cell.encode())
        with pytest.raises(InputError, match=r"rounded|date"):
            estates(content)


def test_sites_all_at_one_point_are_asked_about():
    content = b"Site id,Easting,Northing\nA,485000,308600\nB,485000,308600\nC,485000,308600\n"
    assert asked(content) == ["one_point"]
    assert len(estates(content, assume={"one_point": "accept"}).sites) == 3


def events(content):
    found = estates(content).intake.events
    return [str(event) for event in found if event.kind == "doubt"]


def test_figures_of_zero_are_a_doubt_by_row():
    found = events(costs("Cost (£)", "1200000", "0", "£0", "900000"))
    assert any("'Cost (£)' is 0 in 2 rows" in words and "row 3; row 4" in words for words in found)
    assert not any("is 0 in" in words for words in events(costs("Cost (£)", "1200000", "", "9e5")))


def test_ids_that_differ_in_capitals_zeros_or_decimals_only_are_a_doubt():
    ids = ["S1", "s1", "7", "007", "7.0", "8"]
    lines = [f"{one},clinic,{331_000 + 900 * n},436000" for n, one in enumerate(ids)]
    content = "\n".join(["id,kind,easting,northing", *lines]).encode()
    (found,) = [words for words in events(content) if "differ in capitals" in words]
    assert found.startswith("5 ids differ")
    assert "7 and 007 and 7.0; S1 and s1" in found


def test_parking_is_read_and_odd_numbers_are_asked_about():
    head = f"{HEAD},Car parking spaces,Blue badge bays"
    cells = ("40,3", "none,0", ",", "12,15")
    lines = [f"S{n},clinic,Candidate,{485_000 + 900 * n},308600,{c}" for n, c in enumerate(cells)]
    found = estates("\n".join([head, *lines]).encode())
    assert found.sites["parking_spaces"].fillna(-1).tolist() == [40, 0, -1, 12]
    assert found.sites["blue_badge_spaces"].fillna(-1).tolist() == [3, 0, -1, 15]
    assert "1 site with more blue badge spaces than parking spaces" in [
        event.words for event in found.intake.events
    ]
    many = "\n".join([head, lines[0].replace("40,3", "40000,3")]).encode()
    assert asked(many) == ["parking_spaces.check"]
    assert (
        estates(many, assume={"parking_spaces.check": "accept"}).sites["parking_spaces"][0] == 4e4
    )
    with pytest.raises(InputError, match="is not a number of spaces"):
        estates("\n".join([head, lines[0].replace("40,3", "plenty,3")]).encode())


def test_lists_staff_empty_floor_and_own_columns_are_read_as_numbers():
    heads = "Site id,Kind,Easting,Northing,List size,WTE,Vacant area (m2),own_rooms,Notes"
    row = 'S1,clinic,485000,308600,"9,500",12.4,80,7,old\nS2,clinic,486000,308600,,,,,'
    found = estates(f"{heads}\n{row}".encode()).sites
    assert found.loc[0, ["list_size", "staff", "void_m2", "own_rooms"]].tolist() == [
        9500, 12.4, 80, 7,
    ]  # fmt: skip
    assert found.loc[1, ["list_size", "staff", "void_m2", "own_rooms"]].isna().all()
    with pytest.raises(InputError, match="many is not a number"):
        estates(f"{heads}\nS1,clinic,485000,308600,1,many,1,1,".encode())
    with pytest.raises(InputError, match="is below 0"):
        estates(f"{heads}\nS1,clinic,485000,308600,1,1,1,-4,".encode())
