"""A place folder of one council out of the national files, and a plan on it."""

import numpy as np
import pandas as pd
import pytest

from nhcplanner import workflow
from nhcplanner.domain.need_measures import DEPARTURE
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers import Extras
from nhcplanner.layers.health.modelled import gradient
from tests.real.conftest import ENGLAND_TABLES, england_sites


@pytest.fixture(scope="module")
def blackpool(real, tmp_path_factory) -> Place:
    scratch = tmp_path_factory.mktemp("blackpool")
    files = workflow.OwnFiles(
        areas=real / "england" / "lsoa21_boundaries_bsc.parquet",
        sites=england_sites(real, scratch),
        tables=tuple(real / "england" / name for name in ENGLAND_TABLES),
        extras=Extras(only=("Blackpool",)),
    )
    return workflow.load(workflow.build(files, scratch / "place"))


def test_it_holds_its_areas_and_every_join_is_whole(blackpool):
    assert (blackpool.name, len(blackpool.areas), blackpool.people) == ("Blackpool", 94, 141_574)
    joined = [source for source in blackpool.sources if source.matched is not None]
    assert len(joined) == len(ENGLAND_TABLES)
    assert all(source.unmatched == 0 for source in joined)
    gives = {name for source in joined for name in source.gives}
    assert gives >= {"people", "imd_rank", "hle_male", "council_code", "rural_urban"}


def test_its_mean_hle_is_the_published_one(blackpool):
    areas = blackpool.areas
    assert (areas["hle_basis"] == "modelled").all()
    assert np.average(areas["hle_male"], weights=areas["people"]) == pytest.approx(50.9)
    assert "hle_low" not in areas  # the stored table has no intervals


@pytest.mark.parametrize(("mode", "least"), [("walk", 0.4), ("drive", 0.99)])
def test_three_centres_are_proved_best(blackpool, mode, least):
    outcome = workflow.run(blackpool, Scenario(count=3, mode=mode))
    assert outcome.plan.status == "optimal"
    assert outcome.assessment.people_within.loc[20.0, "share_after"] > least


def test_councils_depart_from_the_gradient_as_much_as_is_assumed(england_place, real):
    table = pd.read_csv(real / "england" / "hle_birth_utla_2015-17_to_2022-24.csv.gz")
    now = table[table["period"] == "2022 - 24"]
    published = now.pivot_table("value", "area_code", "sex").mean(axis=1)
    areas = england_place.areas
    national = gradient()["hle"].reindex(areas["imd_decile"]).to_numpy()
    products = (areas["people"] * national).groupby(areas["council_code"]).sum()
    expected = products / areas.groupby("council_code")["people"].sum()
    departures = (published - expected).dropna()
    assert len(departures) == 130
    assert departures.std() == pytest.approx(DEPARTURE, abs=0.1)
