"""Three real integrated care boards that border on each other, each planned by itself."""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner import run
from nhcplanner.access import area_of_site
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.scale import Everywhere, Executor, plan_everywhere

BOARDS = ("E54000029", "E54000027", "E54000028")
"""North East London, North West London, North Central London."""
ASKED = Scenario(mode="walk", count=60, horizon=30, time_limit=60)


@pytest.fixture(scope="module")
def london(england_place) -> Place:
    """Most of London, with every fiftieth of its sites a centre already."""
    areas = england_place.areas
    inside = areas["icb_code"].isin(BOARDS)
    kept = areas[inside].reset_index(drop=True)
    sites = england_place.sites
    sites = sites[inside.to_numpy()[area_of_site(sites, areas)]].reset_index(drop=True)
    sites.loc[::50, "status"] = "existing"
    origins = england_place.origins
    origins = origins[origins["area_code"].isin(kept["area_code"])].reset_index(drop=True)
    return replace(england_place, areas=kept, sites=sites, origins=origins)


@pytest.fixture(scope="module")
def parted(london) -> Everywhere:
    return plan_everywhere(london, ASKED, share="people")


def test_every_board_is_planned_and_proved(parted):
    table = parted.table.set_index("part")
    assert sorted(table.index) == sorted(BOARDS)
    assert (table["status"] == "optimal").all()
    assert (table["gap"] == 0).all()
    assert table["name"].str.contains("London").all()
    assert table["centres"].sum() == table["count"].sum() == 60
    per_person = table["centres"] / table["people"]
    assert per_person.max() < 1.2 * per_person.min()


def test_centres_across_a_border_serve_and_belong_to_their_own_board(london, parted):
    assert parted.table["sites_around"].sum() > 0
    labels = london.areas["icb_code"].to_numpy()[area_of_site(london.sites, london.areas)]
    for name, plan in parted.plans.items():
        assert set(labels[list(plan.opened)]) == {name}
    existing = np.flatnonzero(london.sites["status"] == "existing")
    assert set(existing) <= set(parted.outcome.plan.opened)


def test_two_processes_make_the_same(london, parted):
    again = plan_everywhere(london, ASKED, share="people", executor=Executor(2))
    assert again.outcome.plan.opened == parted.outcome.plan.opened
    assert again.table.equals(parted.table)


def test_one_plan_for_all_reaches_no_fewer_of_the_first_band(london, parted):
    whole = run(london, ASKED)
    assert whole.plan.status == "optimal"
    reach = f"share_after_{ASKED.reach:g}"
    together = parted.outcome.assessment.by_band[reach]
    assert whole.assessment.by_band[reach].loc[1] >= together.loc[1]
