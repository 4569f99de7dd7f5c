"""Leaflet maps without addresses of strangers: pages, layers, and tiles of a server that is set."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import folium
from branca.element import Figure
from folium.elements import ElementAddToElement
from folium.template import Template

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.outputs import style
from nhcplanner.outputs.rendering import Code, RenderedOnce, literal
from nhcplanner.outputs.sanitise import text

ADDRESS, CREDIT = "NHCPLANNER_TILES", "NHCPLANNER_TILES_CREDIT"
"""Environment variables: the address of tiles, and the credit that their licence requires."""

_SHAPE = re.compile(r"[^\s\"'<>\\{}]+(\{[zxy]\}[^\s\"'<>\\{}]*){3}")


@dataclass(frozen=True)
class Tiles:
    """Source of a map's background.

    Parameters
    ----------
    address
        Address with {z}, {x} and {y}; https only.
    credit
        Credit as plain text, shown on the map.
    """

    address: str = field(repr=False)  # it may hold a key
    credit: str

    @property
    def host(self) -> str:
        """Host of the tile server."""
        return urlsplit(self.address).netloc.rpartition("@")[2]


def tiles(settings: Mapping[str, str] = os.environ) -> Tiles | None:
    """Return the tiles that the settings name; None if they name none.

    Raises
    ------
    InputError
        If the address is not an https address with {z}, {x} and {y}, or tiles have no credit.

    Examples
    --------
    >>> tiles({}) is None
    True
    """
    address, credit = (settings.get(name, "").strip() for name in (ADDRESS, CREDIT))
    if not address:
        return None
    faults = []
    if not (_SHAPE.fullmatch(address) and _is_secure(address) and _has_each(address)):
        hint = "Give https://..., with {z}, {x} and {y} once each, or leave it unset"
        faults.append(Fault(f"{ADDRESS} is no address of tiles", hint=hint))
    if not credit:
        hint = "Give the words that the tiles' licence asks for"
        faults.append(Fault(f"{CREDIT} is not set", hint=hint))
    if faults:
        raise InputError(faults)
    return Tiles(address, credit)


def background_in_words(settings: Mapping[str, str] = os.environ) -> str:
    """Describe the background of maps, with the fault if the setting cannot be used."""
    none = (
        "Maps have no background from elsewhere: coast, borders of councils and main roads come "
        "from the place itself, and no other machine is asked for anything."
    )
    try:
        found = tiles(settings)
    except InputError as error:
        return f"{none} A background was asked for, but: {error}"
    if found is None:
        return f"{none} Whoever runs the app may set one with {ADDRESS} and {CREDIT}."
    return (
        f"Maps in the app have a background from {found.host} ({found.credit}), set by whoever "
        "runs the app. Your browser asks it for each piece of map, so it learns where you look. "
        "Maps that are saved or handed in have none."
    )


def _is_secure(address: str) -> bool:
    """Whether an address uses https and has a host without variables."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) and "{" not in parts.netloc
    except ValueError:
        return False


def _has_each(address: str) -> bool:
    return all(address.count(f"{{{one}}}") == 1 for one in "zxy")


FOLDER = Path(__file__).parent / "static" / "leaflet"
"""Leaflet 1.9.4, BSD-2-Clause: its script, its style sheet and its licence."""

_TAG = re.compile(r"<[^>]*>")
_GROUND = f"<style>.leaflet-container {{ background: {style.PALE}; }}</style>"


class MapPage(Figure):
    """Offline HTML page around one map: heading, panel, map and footer.

    Parameters
    ----------
    title, heading, panel, footer
        Text of the title bar (plain) and HTML of the three parts.
    """

    _template = Template(
        """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>{{ this.title|e }}</title>
{{ this.header.render() }}
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{{ this.css }}</style>
</head>
<body>
<header>{{ this.heading }}</header>
<main>
<section class="map" aria-label="Map">{{ this.html.render() }}</section>
<aside>{{ this.panel }}</aside>
</main>
<footer>{{ this.footer }}</footer>
<script>{{ this.script.render() }}
document.querySelectorAll("input[data-layer]").forEach(box => box.addEventListener("change", () =>
    document.querySelectorAll("input[data-layer]").forEach(one => {
        const layer = window["feature_group_" + one.dataset.layer];
        if (one.checked) { layer.addTo(map_plan); } else { layer.remove(); }
        const legend = document.getElementById("legend-" + one.dataset.layer);
        if (legend) { legend.hidden = !one.checked; }
    })));
</script>
</body>
</html>
"""
    )

    def __init__(self, title: str, heading: str, panel: str, footer: str) -> None:
        super().__init__(title=title)
        self.heading, self.panel, self.footer = heading, panel, footer
        self.css = (FOLDER.parent / "page.css").read_text("utf-8")


class Features(RenderedOnce):
    """GeoJSON features, each drawn in its own style, with a tooltip and a popup.

    Parameters
    ----------
    features
        GeoJSON features. Their properties: `tip` (HTML; escape what users wrote with `text`),
        `quiet` (True = a click opens no popup), `style` (Leaflet path options); for points `size`
        (pixels across) of a circle, or of the marker `icon` (HTML) with its `name` (plain, for
        screen readers).
    identity
        Identity of this layer among others on the map.
    behind
        Whether to draw it under the other shapes.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.geoJSON({{ this.literal(this.data) }}, {
                style: f => f.properties.style,
                pointToLayer: (f, at) => f.properties.icon
                    ? L.marker(at, {riseOnHover: true, icon: L.divIcon({html: f.properties.icon,
                        className: "", iconSize: [f.properties.size, f.properties.size]})})
                    : L.circleMarker(at, {radius: f.properties.size / 2}),
                onEachFeature: (f, layer) => {
                    if (f.properties.tip) {
                        layer.bindTooltip(f.properties.tip, {sticky: !f.properties.icon});
                    }
                    if (f.properties.tip && !f.properties.quiet) {
                        layer.bindPopup(f.properties.tip)
                            .on("popupopen", () => layer.closeTooltip());
                    }
                    if (f.properties.name) {
                        layer.on("add", () =>
                            layer.getElement().setAttribute("aria-label", f.properties.name));
                    }
                }
            }).addTo({{ this._parent.get_name() }});
            {%- if this.behind %}
            {{ this._parent.get_name() }}.on("add", e => e.target.bringToBack());
            {%- endif %}
        {% endmacro %}
        """
    )

    literal = staticmethod(literal)

    def __init__(
        self, features: list[dict[str, Any]], identity: str, *, behind: bool = False
    ) -> None:
        super().__init__()
        self._name = "features"
        self._id = identity
        self.data: dict[str, Any] = {"type": "FeatureCollection", "features": features}
        self.behind = behind


class StillFocus(RenderedOnce):
    """Script that keeps the page still, and clicks working, when the map takes the focus."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            {{ this._parent.get_name() }}.getContainer().focus = function () {
                HTMLElement.prototype.focus.call(this, {preventScroll: true});
            };
        {% endmacro %}
        """
    )


class Group(RenderedOnce, folium.FeatureGroup):  # type: ignore[misc]  # folium is untyped
    """Layers that are shown or hidden together, under a name that is the same in every run.

    Parameters
    ----------
    name
        Plain name: a page's script knows the group as `feature_group_<name>`.
    show
        Whether it is visible at first.
    """

    def __init__(self, name: str, *, show: bool = True) -> None:
        super().__init__(name=name, show=show)
        self._id = name

    def render(self, **_: Any) -> str:
        """Add the layers to the page, and to the map if they are visible."""
        if self.show:
            added = ElementAddToElement(
                self.get_name(), cast("folium.Map", self._parent).get_name()
            )
            self.add_child(added, name=f"{self.get_name()}_add")
        return super().render()


class BlankMap(RenderedOnce, folium.Map):  # type: ignore[misc]  # folium is untyped
    """Map without tiles that holds Leaflet, so that it loads nothing from any server."""

    def __init__(self) -> None:
        super().__init__(
            tiles=None,
            prefer_canvas=True,
            control_scale=True,
            attributionControl=False,
            zoomSnap=0.25,
        )
        self._id = "plan"
        self.add_child(StillFocus(), name="still_focus")
        self.default_js: list[tuple[str, str]] = []
        self.default_css: list[tuple[str, str]] = []

    def render(self, **_: Any) -> str:
        """Add Leaflet to the head of the page, then draw."""
        head = cast("Figure", self.get_root()).header
        head.add_child(Code(inline()), name="leaflet")
        super().render()
        head.add_child(Code(_GROUND), name="ground")
        return ""


@cache
def inline() -> str:
    """Return Leaflet's script and style sheet as one piece of HTML."""
    script = (FOLDER / "leaflet.js").read_text("utf-8").partition("//# sourceMappingURL")[0]
    sheet = (FOLDER / "leaflet.css").read_text("utf-8")
    return f"<style>{sheet}</style>\n<script>{script}</script>"


def tagged(plain: str) -> str:
    r"""Return plain text about something as safe HTML with its first line bold.

    Examples
    --------
    >>> tagged("A < B\n2 people")
    '<b>A &lt; B</b><br>2 people'
    """
    head, *rest = plain.split("\n")
    return "<br>".join([f"<b>{text(head)}</b>", *map(text, rest)])


def untagged(html: str) -> str:
    r"""Return the text of HTML as plain text with the same lines.

    Examples
    --------
    >>> untagged("<b>A &lt; B</b><br>2 people")
    'A < B\n2 people'
    """
    return unescape(_TAG.sub("", html.replace("<br>", "\n")))
