import numpy as np
import pytest

from nhcplanner import layers, workflow
from nhcplanner.domain.edits import SiteEdit
from nhcplanner.domain.errors import InputError
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow import listed
from nhcplanner.workflow.listed import MAY, MUST, MUST_NOT, Choices

NOTHING = Choices((), (), ())


@pytest.fixture
def table(place):
    return workflow.site_table(place, Scenario()).set_index("site_id", drop=False)


def status(place, wanted):
    return place.sites.loc[place.sites["status"] == wanted, "site_id"].iloc[0]


def test_what_stands_leaves_no_choice_and_the_rest_follows_the_scenario(place):
    found = workflow.site_table(place, Scenario(keep=("S001",), forbid=("S002",)))
    choice = found.set_index("site_id")["choice"]
    assert (choice["S001"], choice["S002"], choice["S003"]) == (MUST, MUST_NOT, MAY)
    assert choice[status(place, "existing")] == choice[status(place, "committed")] == MUST
    assert choice[status(place, "forbidden")] == MUST_NOT


def test_a_table_left_as_it_is_changes_nothing(place, table):
    assert listed.changed(place, table, NOTHING) == NOTHING


def test_cells_become_facts_and_choices_and_a_blank_is_not_known(place, table):
    priced = table.index[table["cost"].notna() & (table["choice"] == MAY)][-1]
    table.loc[priced, "cost"] = np.nan
    table.loc["S001", ["capacity", "choice"]] = [1234.0, MUST]
    made = listed.changed(place, table, NOTHING)
    facts = {one.site_id: dict(one.facts) for one in made.edits}
    assert facts == {priced: {"cost": None}} | {"S001": {"capacity": 1234.0}}
    assert (made.keep, made.forbid) == (("S001",), ())


def test_a_choice_is_taken_back(place):
    now = Choices((), ("S001",), ("S002",))
    table = workflow.site_table(place, Scenario(keep=now.keep, forbid=now.forbid))
    table["choice"] = table["choice"].where(~table["site_id"].isin(["S001", "S002"]), MAY)
    assert listed.changed(place, table, now) == NOTHING


def test_every_choice_that_a_status_does_not_leave_is_told(place, table):
    table.loc[[status(place, "existing"), status(place, "committed")], "choice"] = MAY
    with pytest.raises(InputError) as told:
        listed.changed(place, table, NOTHING)
    assert len(told.value.faults) == 2


def test_own_sites_get_ids_that_nobody_has(place):
    spot = listed.spot("650000, 400000")
    once = listed.added(place, spot, " Mill ", "", NOTHING)
    assert once.edits[0].site_id == "own-001"
    assert dict(once.edits[0].facts) == {"site_name": "Mill"}
    again = listed.added(workflow.edited(place, once.edits), spot, "", "library", once)
    assert [one.site_id for one in again.edits] == ["own-001", "own-002"]


def test_moving_keeps_what_else_was_changed(place):
    now = Choices((SiteEdit("S001").with_facts(cost=5.0),), (), ())
    (one,) = listed.moved("S001", listed.spot("650000, 400000"), now).edits
    assert (one.point, dict(one.facts)) == ((650_000.0, 400_000.0), {"cost": 5.0})


def test_undoing_an_added_site_undoes_what_was_chosen_of_it():
    now = Choices((SiteEdit("own-001", added=True), SiteEdit("S001")), ("own-001", "S001"), ())
    assert listed.without(["own-001"], now) == Choices((SiteEdit("S001"),), ("S001",), ())


def test_a_list_changes_known_sites_adds_others_and_leaves_blanks_alone(place):
    text = "Site id,Site,Kind,Easting,Northing,Capacity\nS001,,library,650000,400000,\n"
    text += "N1,Mill,library,650000,400000,900\n"
    made = listed.taken_in(place, layers.read_estates(text.encode(), "list.csv"), NOTHING)
    new, old = made.edits
    assert (new.site_id, new.added, dict(new.facts)["capacity"]) == ("N1", True, 900.0)
    assert (old.site_id, old.added) == ("S001", False)
    assert "capacity" not in dict(old.facts)


def test_nothing_says_where():
    with pytest.raises(InputError, match="Nothing says where"):
        listed.spot("  ")
