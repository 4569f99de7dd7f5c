import json
from dataclasses import replace

import folium
import jinja2
import pytest

from nhcplanner.domain.place import Source
from nhcplanner.outputs.maps.leaflet import BlankMap, Features, Group
from nhcplanner.outputs.maps.plan_map import plan_map
from nhcplanner.outputs.place import place_map
from nhcplanner.outputs.rendering import literal
from tests.canaries import ALL, TEMPLATES

MARK = "CanaryQ7"
"""Letters alone, so that no escape changes them: found in a template, a name has got there."""


def data_of(expression):
    """What a JavaScript engine makes of an expression by `literal`."""
    return json.loads(json.loads(expression.removeprefix("JSON.parse(").removesuffix(")")))


@pytest.fixture
def sources(monkeypatch):
    """The source of every template that is compiled from here on."""
    found = []
    compile_ = jinja2.Environment.compile

    def note(environment, source, *given, **named):
        found.append(source)
        return compile_(environment, source, *given, **named)

    monkeypatch.setattr(jinja2.Environment, "compile", note)
    return found


def named(outcome, name):
    """The outcome with a name on everything that a user may name."""
    place = outcome.place
    sites = place.sites.assign(site_name=name, kind=name, postcode=name)
    areas = place.areas.assign(area_name=name)
    told = Source("sites", name, publisher=name, licence=name, attribution=name)
    made = replace(
        place, name=name, sites=sites, areas=areas, sources=(told,), notes=(name,), index_name=name
    )
    found = replace(outcome.assessment, notes=(name,))
    scenario = outcome.scenario.model_copy(update={"title": name})
    return replace(outcome, place=made, assessment=found, scenario=scenario)


@pytest.mark.parametrize("canary", [*TEMPLATES.values(), "".join(ALL.values())])
def test_no_name_is_part_of_a_template(outcome, sources, canary):
    evil = named(outcome, f"{MARK}{canary}{MARK}")
    html = plan_map(evil).get_root().render()
    shown = plan_map(evil)._repr_html_()
    place_html = place_map(evil.place, "imd").get_root().render()
    assert all(MARK in one for one in (html, shown, place_html))
    assert [source for source in sources if MARK in source] == []


@pytest.mark.parametrize("canary", ALL.values(), ids=ALL)
def test_data_reach_the_script_unchanged_by_what_writes_it(canary):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-0.5, 51.25]},
        "properties": {"tip": canary, "map_plan": "map_plan alert(coords); drawnItems"},
    }
    group = Group("of_names")
    group.add_child(Features([feature], "names"))
    ground = BlankMap()
    group.add_to(ground)
    expression = _rendered(ground).partition("L.geoJSON(JSON")[2].partition(", {\n")[0]
    assert data_of(f"JSON{expression}")["features"] == [feature]


def _rendered(made):
    return made.get_root().render()


@pytest.mark.parametrize("canary", ALL.values(), ids=ALL)
def test_literal_holds_no_sign_that_anything_acts_on(canary):
    written = literal({canary: [canary, 1.5, None, True]})
    assert data_of(written) == {canary: [canary, 1.5, None, True]}
    assert not set(written.removeprefix("JSON.parse(")[:-1]) & set("{}<>%#&_'()$`/;\u2028\u2029")
    assert written.isascii()


def test_elements_that_compile_their_data_are_refused():
    made = BlankMap()
    folium.Marker([51, 0], popup="{{7*7}}").add_to(made)
    with pytest.raises(TypeError, match="Marker compiles its data as a template"):
        made.get_root().render()


def test_numbers_that_json_lacks_are_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        literal([float("nan")])
