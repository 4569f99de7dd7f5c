"""Notebooks for any place run on a bare place of one's own; `guide/test_site` runs them all."""

import ast
from dataclasses import replace
from pathlib import Path

import altair as alt
import pytest

import nhcplanner
from nhcplanner import demo_place, explore, layers

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.py"))
PLACE = "PLACE = None  # or"
FOR_ANY_PLACE = [path for path in NOTEBOOKS if PLACE in path.read_text(encoding="utf-8")]
PUBLIC = {"nhc": nhcplanner.__all__, "explore": explore.__all__, "nhcplanner": ["explore"]}


def shown(source: str) -> list[str]:
    """Run a notebook; give what it would show, as HTML or as a chart's specification."""
    names: dict[str, object] = {"__name__": "notebook"}
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Expr):
            value = eval(compile(ast.Expression(node.value), "notebook", "eval"), names)
            found.append(as_shown(value))
        else:
            exec(compile(ast.Module([node], []), "notebook", "exec"), names)
    return found


def as_shown(value: object) -> str:
    if isinstance(value, alt.TopLevelMixin):
        made = value.to_dict()
        assert any(made["datasets"].values()), "a chart of nothing"
        return f"chart {made}"
    html = getattr(value, "_repr_html_", None)
    return repr(value) if html is None else html()


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A place folder with nothing but what lowest-first must have: no HLE, names or streets."""
    demo = demo_place()
    areas = demo.areas[["area_code", "people", "imd_rank", "geometry"]]
    sites = demo.sites[["site_id", "kind", "status", "geometry"]].assign(status="candidate")
    place = replace(demo, areas=areas, sites=sites, streets=None, timetable=None)
    return layers.write_place(place, tmp_path_factory.mktemp("own") / "place")


@pytest.mark.parametrize("path", FOR_ANY_PLACE, ids=lambda path: path.stem)
def test_a_notebook_runs_on_ones_own_place(path, bare):
    source = path.read_text(encoding="utf-8")
    assert source.count(PLACE) == 1
    found = shown(source.replace(PLACE, f"PLACE = Path({str(bare)!r})  # or"))
    assert any("leaflet" in one for one in found)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_uses_only_public_names_and_ends_with_an_exercise(path):
    source = path.read_text(encoding="utf-8")
    assert "**Exercise.**" in source.split("# %%")[-1]
    used = [
        (node.value.id, node.attr)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    ] + [
        (node.module, alias.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    ours = [(owner, name) for owner, name in used if owner.split(".")[0] in PUBLIC]
    assert ours
    assert all(name in PUBLIC.get(owner, ()) for owner, name in ours)
