"""Places of one area, of one site, of nobody, out of reach of all: every question is answered."""

import json
from dataclasses import replace

import pytest
from shapely import affinity

from nhcplanner import layers
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import Place
from tests.integration.command import run
from tests.property.fuzz.kills import small_place

COMMANDS = (
    ["check"], ["access", "--kind", "hall"], ["explain"], ["alternatives"],
    ["phases", "--wave", "2027=1", "--wave", "2030=2"],
)  # fmt: skip
SETTINGS = ("--set", "count=1", "--set", "time_limit=1")


def one_area(place: Place) -> Place:
    code = place.areas["area_code"][0]
    return replace(
        place,
        areas=place.areas.iloc[:1],
        origins=place.origins[place.origins["area_code"] == code],
        sites=place.sites.iloc[:1],
    )


def one_point(place: Place) -> Place:
    one = one_area(place)
    points = one.areas.geometry.representative_point()
    return replace(one, areas=one.areas.set_geometry(points, crs=one.areas.crs))


def nobody(place: Place) -> Place:
    return replace(
        place, areas=place.areas.assign(people=0), origins=place.origins.assign(people=0)
    )


def some_empty(place: Place) -> Place:
    people = [0, *[1000] * (len(place.areas) - 1)]
    return replace(
        place, areas=place.areas.assign(people=people), origins=place.origins.assign(people=people)
    )


def far_away(place: Place) -> Place:
    points = place.sites.geometry.map(lambda one: affinity.translate(one, 0, 15_000))
    return replace(place, sites=place.sites.set_geometry(points))


def all_forbidden(place: Place) -> Place:
    return replace(place, sites=place.sites.assign(status="forbidden"))


def all_open(place: Place) -> Place:
    return replace(place, sites=place.sites.assign(status="existing"))


def in_one_spot(place: Place) -> Place:
    points = [place.sites.geometry[0]] * len(place.sites)
    return replace(place, sites=place.sites.set_geometry(points, crs=place.sites.crs))


CHANGES = (one_area, one_point, nobody, some_empty, far_away, all_forbidden, all_open, in_one_spot)


@pytest.fixture(params=CHANGES, ids=lambda change: change.__name__)
def folder(request, tmp_path):
    place = request.param(small_place("Three", 3))
    return layers.write_place(place, tmp_path / "place")


def test_every_command_answers(folder, capsys, tmp_path):
    for words in COMMANDS:
        settings = () if words[0] == "check" else SETTINGS
        code, told, err = run(capsys, words[0], folder, *words[1:], *settings)
        assert code in (0, 2), (words, err)
        assert told.strip() or "Error:" in err, words


def test_a_plan_is_made_and_handed_in_or_refused_in_words(folder, capsys, tmp_path):
    for number, model in enumerate(("lowest_hle_first", "set_cover")):
        out = tmp_path / f"plan-{number}"
        settings = [*SETTINGS, "--set", f"model={model}", "--set", "band_by=auto"]
        code, told, err = run(capsys, "plan", folder, *settings, "--out", out, "--json")
        assert code in (0, 2), err
        if code == 2:
            assert "Error:" in err
            assert not out.exists()
            continue
        assert json.loads(told)["plan"]["status"] in ("optimal", "feasible", "infeasible")
    asked = ["--formats", "csv,geojson", "--seconds", "1", "--out", tmp_path / "handed"]
    if code == 0:
        code, _, err = run(capsys, "hand-in", out, *asked)
        assert code in (0, 2), err
        assert code == 0 or not (tmp_path / "handed").exists()
        assert code == 0 or "Error:" in err


@pytest.mark.parametrize("layer", ["areas", "sites", "origins"])
def test_a_place_without_rows_is_refused_in_words(layer):
    place = small_place("Three", 3)
    empty = replace(place, **{layer: getattr(place, layer).iloc[:0]})
    with pytest.raises(InputError, match="has no rows"):
        layers.write_place(empty, "nowhere")
