"""Text around a map: heading, legend, key and sources."""

from __future__ import annotations

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.verdict import Verdict
from nhcplanner.outputs import frames, style
from nhcplanner.outputs.maps import geometry
from nhcplanner.outputs.maps.shading import Shading
from nhcplanner.outputs.maps.symbols import SYMBOLS
from nhcplanner.outputs.sanitise import text
from nhcplanner.outputs.wording import terms

_ROLES = ("existing", "committed", "new")
_OUTLINES = {
    "square": "border-radius:3px",
    "leaf": "border-radius:3px 13px",
    "circle": "border-radius:50%",
    "diamond": "transform:rotate(45deg) scale(.75)",
    "triangle": "clip-path:polygon(50% 0,100% 100%,0 100%)",
}
"""Style of each shape of `symbols`."""

_LIST = "list-style:none;margin:0;padding:0"
_ROW = "align-items:center;display:flex;gap:8px;margin:0;padding:2px 0"
_SWATCH = "border:1px solid #768692;flex:0 0 22px;height:16px"


def icon(role: str, size: int = 26, number: int | str = "") -> str:
    """Return a symbol as HTML.

    Parameters
    ----------
    role
        Its name in `symbols.SYMBOLS`.
    size
        Diameter in pixels; below 20 the number is left out.
    number
        Number in the mark.
    """
    symbol = SYMBOLS[role]
    edge = 2 if size >= 20 else 1
    return (
        f'<div style="background:{symbol.fill};color:{symbol.ink};'
        f"{_OUTLINES[symbol.shape]};box-sizing:border-box;"
        f"flex:0 0 {size}px;width:{size}px;height:{size}px;border:{edge}px solid #fff;"
        f"box-shadow:0 0 0 {edge}px {style.INK};text-align:center;"
        f'font:700 12px/{size - 2 * edge}px system-ui,Arial,sans-serif">'
        f"{number if size >= 20 else ''}</div>"
    )


def heading(outcome: Outcome) -> str:
    """Return the title, the question and notes on the figures as HTML."""
    title = f"{outcome.place.title}: {terms.title(outcome)}"
    labels = [
        f'<strong class="invented">{text(one)}</strong>'
        if one == terms.SYNTHETIC
        else f"{text(one)}."
        for one in terms.labels(outcome)
    ]
    return (
        f"<h1>{text(title)}</h1><p>{text(terms.question(outcome))}</p>"
        f'<p class="labels">{" ".join(labels)}</p>'
    )


def legend(shading: Shading) -> str:
    """Return the legend of a shading as HTML."""
    rows = "".join(
        f'<li style="{_ROW}"><span style="{_SWATCH};background:{colour}"></span>{text(label)}</li>'
        for label, colour in zip(shading.labels, shading.colours, strict=True)
    )
    return f'<ul style="{_LIST}">{rows}</ul>'


def key(outcome: Outcome) -> str:
    """Return the key of the marks on the map with their number, as HTML."""
    role = frames.role(outcome)
    rows = [
        f'<li style="{_ROW}">{icon(one)} {terms.ROLES[one]} ({int((role == one).sum()):,})</li>'
        for one in _ROLES
        if (role == one).any()
    ]
    shut = int((role == "").sum())
    dot = (
        f'<span style="background:#fff;border:1.5px solid {style.INK};border-radius:50%;'
        'flex:0 0 8px;height:8px;margin:0 9px"></span>'
    )
    rows.append(f'<li style="{_ROW}">{dot} {terms.ROLES[""]} ({shut:,})</li>')
    return f'<ul style="{_LIST}">{"".join(rows)}</ul>{ground(outcome.place)}'


def ground(place: Place) -> str:
    """Return the key of the lines on maps of a place as HTML; empty if there are none."""
    lines = (
        ("Main roads", style.GREY, bool(len(geometry.roads(place)))),
        ("Borders of councils", style.INK, geometry.has_borders(place)),
    )
    rows = "".join(
        f'<li style="{_ROW}"><span style="border-top:2px solid {colour};flex:0 0 22px;'
        f'margin:0 2px"></span>{words}</li>'
        for words, colour, there in lines
        if there
    )
    return f'<ul style="{_LIST}">{rows}</ul>' if rows else ""


def side(outcome: Outcome, shadings: tuple[Shading, ...], isochrones: bool = False) -> str:
    """Return the panel beside the map as HTML: plan, legend, centres, and a box for isochrones."""
    parts = ["<h2>The plan</h2>", _plan(outcome), "<h2>Colour of areas</h2>"]
    for shading in shadings:
        first = shading is shadings[0]
        parts.append(
            f'<label><input type="radio" name="shade" data-layer="{shading.name}"'
            f"{' checked' if first else ''}> {text(shading.title)}</label>"
            f'<div id="legend-{shading.name}"{"" if first else " hidden"}>{legend(shading)}</div>'
        )
    if len(outcome.place.areas) > geometry.MANY:
        parts.append("<p>Areas of one class are drawn as one shape.</p>")
    parts += ["<h2>Sites</h2>", key(outcome)]
    parts.append(
        '<label><input type="checkbox" data-layer="sites" checked> Show sites not opened</label>'
    )
    if isochrones:
        parts.append(
            '<label><input type="checkbox" data-layer="isochrones"> Show from where a centre is '
            "reached in 10, 15, 20 and 30 minutes</label>"
        )
    return "\n".join([*parts, _centres(outcome)])


def _plan(outcome: Outcome) -> str:
    verdict = Verdict.of(outcome.plan)
    lines = [f"<b>{text(verdict.words)}.</b>", text(terms.reached(outcome))]
    stages = "".join(f"<li>{text(goal.words)}</li>" for goal in verdict.goals)
    return "".join(f"<p>{line}</p>" for line in lines) + f"<ul>{stages}</ul>"


def _centres(outcome: Outcome) -> str:
    rows = "".join(
        f"<li>{text(one.name)} <small>({terms.ROLES[str(one.role)].lower()})</small></li>"
        for one in frames.centres(outcome).itertuples(index=False)
    )
    return f"<h2>Centres</h2><ol>{rows}</ol>" if rows else "<h2>Centres</h2><p>None open.</p>"


def footer(outcome: Outcome) -> str:
    """Return sources, licences and notes as HTML."""
    notes = "".join(f"<li>{text(note)}</li>" for note in outcome.assessment.notes)
    rows = "".join(f"<li>{text(terms.source(one))}</li>" for one in outcome.place.sources)
    return (
        "<details><summary>Sources, licences and notes</summary>"
        f"<ul>{rows}<li>map: Leaflet 1.9.4, BSD-2-Clause</li></ul><ul>{notes}</ul>"
        f"<p>Travel times: {text(outcome.times.engine)}. Made with nhcplanner "
        f"{text(outcome.versions.get('nhcplanner', ''))}.</p></details>"
        f"<p>{text(credit(outcome))}</p>"
    )


def credit(outcome: Outcome) -> str:
    """Return the licences of the layers on one line, each once."""
    texts = (one.attribution or one.licence for one in outcome.place.sources)
    return "; ".join(dict.fromkeys(one for one in texts if one))
