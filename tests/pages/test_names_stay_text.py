"""Every page with canaries for names: what is sent as markdown has each name escaped."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from nhcplanner import workflow
from nhcplanner.domain.place import Source
from nhcplanner.outputs.sanitise import isolated
from tests.canaries import MARKUP, NOWHERE, TEMPLATES

from .conftest import small_place

NAMES = ["".join(MARKUP.values()), "".join(TEMPLATES.values())]
RAW = (f"![x]({NOWHERE})", f"]({NOWHERE})", "**c**", "~~d~~", "`e`", "$x^2$", ":red[x]")


@pytest.fixture
def evil(monkeypatch):
    """The small place with canaries on place, areas, sites, kinds, sources and index."""
    name = NAMES[0]

    def place():
        made = small_place(name)
        sites = made.sites.assign(site_name=(NAMES * 3)[: len(made.sites)], kind=name)
        told = (Source("areas", name, publisher=name, licence=name, attribution=name),)
        areas = made.areas.assign(area_name=(NAMES * 5)[: len(made.areas)])
        areas = areas.assign(**{f"own_{name}": range(len(areas))})
        return replace(made, areas=areas, sites=sites, sources=told, notes=(name,), index_name=name)

    monkeypatch.setattr(workflow, "demo_place", place)


def sent(app):
    """All that Streamlit takes for markdown: texts, labels, options and helps."""
    found = []
    for kind in ("markdown", "title", "subheader", "error", "info", "warning", "caption"):
        found += [one.value for one in getattr(app, kind)]
    for kind in ("button", "checkbox", "radio", "selectbox", "multiselect", "metric", "tabs"):
        found += [one.label for one in getattr(app, kind)]
    for kind in ("button", "checkbox", "radio", "metric"):
        found += [getattr(one, "help", "") or "" for one in getattr(app, kind)]
    found += [option for one in app.radio for option in one.options]
    found += [one.label for one in app.expander]
    found += [one.proto.label for one in app.get("download_button")]
    return [str(one) for one in found]


@pytest.mark.usefixtures("evil")
@pytest.mark.parametrize(
    "page", ["start", "need", "access", "sites", "plan", "waves", "hand_in", "method", "trade_off"]
)
def test_no_name_is_markup_on_a_page(opened, page):
    app = opened(page, count="3", title=NAMES[0])
    for button in app.button:
        if button.label in ("Make the plan", "Plan the waves"):
            app = button.click().run()
            break
    assert not app.exception
    words = sent(app)
    assert words
    assert [(raw, one) for one in words for raw in RAW if raw in one] == []


TWO_PLANS = f"""
import streamlit as st
from nhcplanner.pages import compare, session
from nhcplanner.pages.menu import with_frame

def show(place):
    if not session.plans():
        session.change_scenario(count=2)
        session.make_plan({NAMES[0]!r})
        session.change_scenario(count=3)
        session.make_plan({NAMES[1]!r})
        st.rerun()
    compare.show(place)

with_frame("Compare", show)()
"""


@pytest.mark.usefixtures("evil")
def test_no_name_of_a_plan_is_markup_on_compare():
    app = AppTest.from_string(TWO_PLANS, default_timeout=60).run()
    assert not app.exception
    assert not app.error
    words = sent(app)
    assert any(len(one.value) == 2 and "name" in one.value for one in app.dataframe)
    assert [(raw, one) for one in words for raw in RAW if raw in one] == []


def test_a_direction_mark_in_a_name_ends_with_the_name(opened, said, monkeypatch):
    override = "\u202egnp.exe"
    place = small_place()
    named = replace(place, sites=place.sites.assign(site_name=override))
    monkeypatch.setattr(workflow, "demo_place", lambda: named)
    app = opened("plan", count="3")
    next(one for one in app.button if one.label == "Make the plan").click().run()
    app.button_group[0].set_value("Close").run()
    next(one for one in app.button if one.label == "Close this centre").click().run()
    assert f"{isolated(override)} closed" in said(app)
