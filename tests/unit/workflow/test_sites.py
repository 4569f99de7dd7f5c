"""tests.unit.workflow.test_sites"""

import numpy as np
import pytest

from nhcplanner import workflow
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import SiteEdit
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow import sites
from nhcplanner.workflow.sites import MAY, MUST, MUST_NOT, Choices


@pytest.fixture(scope="module")
def place():
    return workflow.demo_place()


def site(place, site_id):
    return place.sites.set_index("site_id").loc[site_id]


def test_without_edits_it_is_the_same_place(place):
    assert workflow.with_edits(place, ()) is place


def test_facts_change_points_move_and_the_rest_stays(place):
    made = workflow.with_edits(
        place,
        [
            SiteEdit("S002").with_facts(cost=1e6, capacity=None),
            SiteEdit("S003", point=(648_000.0, 400_000.0)),
        ],
    )
    assert site(made, "S002")["cost"] == 1e6
    assert site(made, "S002").isna()["capacity"]
    assert site(made, "S003").geometry.coords[0] == (648_000.0, 400_000.0)
    untouched = ~made.sites["site_id"].isin(["S002", "S003"])
    assert made.sites[untouched].equals(place.sites[untouched])
    assert made.notes[-1] == "Sites edited by the planner: 1 moved, 1 changed"


def test_an_added_site_takes_its_place_in_order(place):
    new = SiteEdit("S0015", (("kind", "library"),), (648_000.0, 400_000.0), added=True)
    made = workflow.with_edits(place, [new])
    assert made.sites["site_id"].is_monotonic_increasing
    assert site(made, "S0015")[["kind", "status", "listed_by"]].tolist() == [
        "library",
        "candidate",
        "own",
    ]
    assert made.sites.dtypes["cost"] == place.sites.dtypes["cost"]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (SiteEdit("X"), "has no site X"),
        (SiteEdit("S001", point=(0.0, 0.0), added=True), "already a site S001"),
        (SiteEdit("X", added=True), "no point on the map"),
        (SiteEdit("S001", (("colour", "red"),)), "no column 'colour'"),
        (SiteEdit("S001", (("cost", -1.0),)), "site S001.*below 0"),
        (SiteEdit("S001", (("cost", "much"),)), "site S001.*not a number"),
        (SiteEdit("S001", point=(100_000.0, 100_000.0)), "km outside the place"),
        (SiteEdit("S001", point=(-5.0, 1e9)), "outside Great Britain"),
    ],
)
def test_a_faulty_edit_is_named(place, edit, words):
    with pytest.raises(InputError, match=words):
        workflow.with_edits(place, [edit])


def test_every_faulty_edit_is_named_at_once(place):
    with pytest.raises(InputError) as told:
        workflow.with_edits(place, [SiteEdit("X"), SiteEdit("Y")])
    assert len(told.value.faults) == 2


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
    assert sites.changed(place, table, NOTHING) == NOTHING


def test_cells_become_facts_and_choices_and_a_blank_is_not_known(place, table):
    priced = table.index[table["cost"].notna() & (table["choice"] == MAY)][-1]
    table.loc[priced, "cost"] = np.nan
    table.loc["S001", ["capacity", "choice"]] = [1234.0, MUST]
    made = sites.changed(place, table, NOTHING)
    facts = {one.site_id: dict(one.facts) for one in made.edits}
    assert facts == {priced: {"cost": None}} | {"S001": {"capacity": 1234.0}}
    assert (made.keep, made.forbid) == (("S001",), ())


def test_opening_hours_are_edited_and_odd_ones_are_refused(place, table):
    first = table.index[table["site_id"] == "S001"][0]
    table.loc[first, "opening_hours"] = "Mon-Fri 8am-6.30pm"
    edits = sites.changed(place, table, NOTHING).edits
    assert edits == (SiteEdit("S001").with_facts(opening_hours="Mon-Fri 8am-6.30pm"),)
    table.loc[first, "opening_hours"] = "by appointment"
    with pytest.raises(InputError, match="S001: opening hours are not understood"):
        sites.changed(place, table, NOTHING)


def test_a_choice_is_taken_back(place):
    now = Choices((), ("S001",), ("S002",))
    table = workflow.site_table(place, Scenario(keep=now.keep, forbid=now.forbid))
    table["choice"] = table["choice"].where(~table["site_id"].isin(["S001", "S002"]), MAY)
    assert sites.changed(place, table, now) == NOTHING


def test_every_choice_that_a_status_does_not_leave_is_told(place, table):
    table.loc[[status(place, "existing"), status(place, "committed")], "choice"] = MAY
    with pytest.raises(InputError) as told:
        sites.changed(place, table, NOTHING)
    assert len(told.value.faults) == 2


def test_own_sites_get_ids_that_nobody_has(place):
    spot = sites.spot("650000, 400000")
    once = sites.added(place, spot, " Mill ", "", NOTHING)
    assert once.edits[0].site_id == "own-001"
    assert dict(once.edits[0].facts) == {"site_name": "Mill"}
    again = sites.added(workflow.with_edits(place, once.edits), spot, "Barn", "library", once)
    assert [one.site_id for one in again.edits] == ["own-001", "own-002"]


@pytest.mark.parametrize("name", ["mill", "", " MILL "])
def test_a_site_is_not_added_twice_at_the_same_point(place, name):
    spot = sites.spot("650000, 400000")
    once = sites.added(place, spot, "Mill", "", NOTHING)
    with pytest.raises(InputError, match="Mill is already at this point"):
        sites.added(workflow.with_edits(place, once.edits), spot, name, "", once)


def test_moving_keeps_what_else_was_changed(place):
    now = Choices((SiteEdit("S001").with_facts(cost=5.0),), (), ())
    (one,) = sites.moved("S001", sites.spot("650000, 400000"), now).edits
    assert (one.point, dict(one.facts)) == ((650_000.0, 400_000.0), {"cost": 5.0})


def test_undoing_an_added_site_undoes_what_was_chosen_of_it():
    now = Choices((SiteEdit("own-001", added=True), SiteEdit("S001")), ("own-001", "S001"), ())
    assert sites.without(["own-001"], now) == Choices((SiteEdit("S001"),), ("S001",), ())


def test_nothing_says_where():
    with pytest.raises(InputError, match="The position is missing"):
        sites.spot("  ")
