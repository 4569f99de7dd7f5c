"""Every page with canaries for names: what is sent as markdown has each name escaped."""

from dataclasses import replace

import pytest

from nhcplanner import workflow
from nhcplanner.domain.place import Source
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
        return replace(made, areas=areas, sites=sites, sources=told, notes=(name,), index_name=name)

    monkeypatch.setattr(workflow, "demo_place", place)


def sent(app):
    """All that Streamlit takes for markdown: texts, labels, options and helps."""
    found = []
    for kind in ("markdown", "header", "subheader", "error", "info", "warning", "caption"):
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
    "page", ["start", "need", "access", "sites", "plan", "waves", "hand_in", "method", "trade_offs"]
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
