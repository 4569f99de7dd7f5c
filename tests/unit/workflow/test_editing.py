import pytest

from nhcplanner import workflow
from nhcplanner.domain.edits import SiteEdit
from nhcplanner.domain.errors import InputError


@pytest.fixture(scope="module")
def place():
    return workflow.demo_place()


def site(place, site_id):
    return place.sites.set_index("site_id").loc[site_id]


def test_without_edits_it_is_the_same_place(place):
    assert workflow.edited(place, ()) is place


def test_facts_change_points_move_and_the_rest_stays(place):
    made = workflow.edited(
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
    assert made.notes[-1] == "Sites edited by the planner: 1 moved, 1 changed otherwise"


def test_an_added_site_takes_its_place_in_order(place):
    new = SiteEdit("S0015", (("kind", "library"),), (648_000.0, 400_000.0), added=True)
    made = workflow.edited(place, [new])
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
        (SiteEdit("S001", point=(0.0, 0.0), added=True), "already is a site S001"),
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
        workflow.edited(place, [edit])


def test_every_faulty_edit_is_named_at_once(place):
    with pytest.raises(InputError) as told:
        workflow.edited(place, [SiteEdit("X"), SiteEdit("Y")])
    assert len(told.value.faults) == 2
