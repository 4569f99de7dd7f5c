"""One page for a board on practices that shut or move, with its map and its tables as CSV."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from nhcplanner.base.atomic import atomic_directory, files_in
from nhcplanner.base.text import plural
from nhcplanner.domain.closures import FARTHER, Closure
from nhcplanner.outputs import style
from nhcplanner.outputs.brief.documents import save_page, save_word
from nhcplanner.outputs.brief.figures import source_words
from nhcplanner.outputs.brief.parts import (
    Brief,
    BriefSection,
    Bullets,
    Figure,
    Paragraph,
    Part,
    Table,
    cell,
    people,
)
from nhcplanner.outputs.brief.pictures import MM, Canvas, canvas, scale_bar
from nhcplanner.outputs.brief.prose import points, say
from nhcplanner.outputs.maps import geometry
from nhcplanner.outputs.sanitise import file_name, write_safe_csv
from nhcplanner.outputs.tables import patients
from nhcplanner.outputs.wording import terms

RECEIVERS = 6
"""Practices with the most patients gained that are named in the table and on the map."""
SHOWN = 0.98
"""Share of patients whose areas the map shows."""
_LAYERS = ("areas", "population", "origins", "imd", "hle", "streets", "timetable", "matrix")
MAP, HEIGHT = (112.0, 170.0), 60.0
"""Millimetres: width of the map and of the picture, and its height."""


def write_closure(closure: Closure, folder: Path) -> tuple[Path, ...]:
    """Write the page of a closure, all files or none.

    Parameters
    ----------
    closure
        From `close_practices`.
    folder
        Where to; made if it is missing.

    Returns
    -------
    tuple of Path
        `closure-CODE.html` and `closure-CODE.docx` (one page of A4 each), and `closure-CODE.csv`
        (areas), `closure-CODE-groups.csv` and `closure-CODE-practices.csv`.

    Raises
    ------
    InputError
        If the folder or a file in it cannot be written.
    """
    name = f"closure-{closure.code}"
    brief = closure_brief(closure)
    with atomic_directory(folder) as fresh:
        save_page(brief, fresh / file_name(name, ".html"))
        save_word(brief, fresh / file_name(name, ".docx"))
        write_safe_csv(closure.areas, fresh / file_name(name, ".csv"))
        write_safe_csv(closure.groups, fresh / file_name(f"{name}-groups", ".csv"))
        write_safe_csv(closure.practices, fresh / file_name(f"{name}-practices", ".csv"))
        names = files_in(fresh)
    return tuple(Path(folder) / one for one in names)


def closure_page(closure: Closure) -> tuple[bytes, bytes]:
    """Return the page of a closure as HTML and as a Word document."""
    with TemporaryDirectory() as folder:
        files = {path.suffix: path for path in write_closure(closure, Path(folder))}
        return files[".html"].read_bytes(), files[".docx"].read_bytes()


def closure_brief(closure: Closure) -> Brief:
    """Return the page as a brief of one section."""
    of = closure.figures
    travel = terms.travel(closure.mode)
    parts: list[Part | None] = [
        Paragraph(
            say("closure", "lead", title=closure.title, of=of, minutes=closure.minutes_word,
                travel=travel, goal=closure.destination),
            "lead",
        ),
        Bullets(points("closure", "changes", **_values(closure))),
        _map(closure),
        _groups(closure),
        _receivers(closure),
        Paragraph(
            say("closure", "modelled", fit=closure.fit, mode=travel, error=closure.half_within,
                reach=f"{closure.reach:g}"),
            "small",
        ),
        Paragraph(say("closure", "duties"), "small"),
        Paragraph(
            say("closure", "sources", table=closure.file or "a table", date=closure.date,
                shapes=_sources(closure)),
            "small",
        ),
    ]  # fmt: skip
    marks = (terms.SYNTHETIC,) if closure.place.synthetic else ()
    title = " and ".join(
        words if len(codes) == 1 else f"{words}s"
        for words, codes in (("practice closure", closure.shut), ("practice move", closure.moves))
        if codes
    ).capitalize()
    section = BriefSection("", tuple(part for part in parts if part is not None))
    return Brief(title, closure.place.title, marks, (section,), one_page=True)


def _sources(closure: Closure) -> str:
    """Return publishers, dates and licences of the layers that the page rests on."""
    used = [
        one for one in closure.place.sources
        if one.layer in _LAYERS or (one.layer == "sites" and "practice" in one.title.lower())
    ]  # fmt: skip
    licences = sorted({one.licence for one in used if one.licence})
    words = source_words(used, _LAYERS).removesuffix(" Licences: see Sources and licences.")
    return f"{words} Licences: {', '.join(licences) or 'not stated'}."


def _values(closure: Closure) -> dict[str, object]:
    gain = _gaining(closure)
    most = gain.sort_values("list_change", ascending=False, kind="stable").head(1)
    cars = closure.groups[closure.groups["grouping"] == "household"]
    return {
        "of": closure.figures,
        "reach": f"{closure.reach:g}",
        "farther": f"{FARTHER:g}",
        "taken": float(gain["patients_gained"].head(RECEIVERS).sum()),
        "most": plural(min(len(gain), RECEIVERS), "practice"),
        "growth": next(iter(most.to_dict("records")), None),
        "shorter": float(closure.areas.loc[closure.areas["more_minutes"] < 0, "patients"].sum()),
        "moves": bool(closure.moves),
        "cars": len(cars) > 0,
        "without_car": float(cars["patients"].sum()),
    }


def _gaining(closure: Closure) -> pd.DataFrame:
    """Return the practices that gain at least one patient when rounded, the most first."""
    frame = closure.practices
    return pd.DataFrame(frame[frame["patients_gained"] >= 0.5]).sort_values(
        "patients_gained", ascending=False, kind="stable"
    )


_WORDS = {
    "everyone": "All who live in the place",
    "band": "Band of need {group}",
    "imd_quintile": "Deprivation fifth {group}",
    "household": "In households {group}",
}
_FIRST = {"band": " (most need)", "imd_quintile": " (most deprived)"}


def _groups(closure: Closure) -> Table:
    rows = []
    for row in closure.groups.to_dict("records"):
        words = _WORDS[row["grouping"]].format(group=row["group"])
        words += _FIRST.get(row["grouping"], "") if row["group"] == "1" else ""
        counts = [people(row[name]) for name in ("patients", "farther", "without_practice")]
        minutes = [
            cell(row[name], "minutes", "-")
            for name in ("minutes_before", "minutes_after", "nearest_after")
        ]
        rows.append((words, counts[0], *minutes, *counts[1:]))
    heads = (
        "Patients", "Number", "Minutes today", "Minutes after", "Nearest that stays",
        f"More than {FARTHER:g} minutes farther", f"No practice within {closure.reach:g} minutes",
    )  # fmt: skip
    travel = terms.travel(closure.mode)
    caption = f"Journeys {travel} ({closure.minutes_word}; where patients go is modelled)"
    return Table(caption, heads, tuple(rows), (False, *[True] * 6))


def _receivers(closure: Closure) -> Part | None:
    gain = _gaining(closure)
    if gain.empty:
        return None
    rows = [
        (
            f"{number} {row['name']} ({row['practice']}){', outside' if row['outside'] else ''}",
            people(row["patients_gained"]), people(row["list_size"]),
            f"+{terms.share(row['list_change'])}",
        )
        for number, row in enumerate(gain.head(RECEIVERS).to_dict("records"), 1)
    ]  # fmt: skip
    rest = gain.iloc[RECEIVERS:]
    if len(rest):
        heads = people(rest["patients_gained"].sum())
        rows.append((f"{plural(len(rest), 'other practice')}", heads, "", ""))
    columns = ("Practice (number on the map)", "Patients gained", "List today", "Change of list")
    return Table("Practices that gain patients (modelled)", columns, tuple(rows),
                 (False, True, True, True))  # fmt: skip


def _map(closure: Closure) -> Figure:
    png = draw(closure)
    gain = _gaining(closure).head(RECEIVERS)
    areas = closure.areas
    words = "; ".join(
        f"{row['name']} {people(row['patients_gained'])}" for row in gain.to_dict("records")
    )
    alt = (
        f"Map of {closure.place.title}. Patients live in {plural(len(areas), 'area')}, "
        f"up to {areas['patients'].max():,} in one. Patients that practices would gain: "
        f"{words or 'none'}."
    )
    caption = "Where the patients live, and where they would go (modelled)"
    if not closure.shut:
        caption = "Where the patients live, and the address today and after the move"
    return Figure(caption, png, alt, "", MAP[1])


def draw(closure: Closure) -> bytes:
    """Draw the map as PNG: patients by area, practices that change, practices that gain."""
    place = closure.place
    heads = patients.patients_of(place, closure.areas)
    classes = patients.classes(heads)
    shapes = geometry.light(place)
    with canvas(MAP[1], HEIGHT, place.synthetic) as made:
        axes = made.sheet.add_axes((0, 0, MAP[0] / MAP[1], 1))
        west, south, east, north = _extent(closure, shapes, heads)
        axes.set(xlim=(west, east), ylim=(south, north), aspect="equal", anchor="W")
        axes.set_axis_off()
        for number, colour in enumerate(patients.COLOURS):
            mine = shapes[classes == number]
            if len(mine):
                mine.plot(ax=axes, color=colour, edgecolor=style.GREY, linewidth=0.15)
        borders = geometry.borders(place)
        if len(borders):
            borders.to_crs(shapes.crs).plot(ax=axes, color=style.INK, linewidth=0.5)
        axes.set(xlim=(west, east), ylim=(south, north), aspect="equal", anchor="W")
        _marks(axes, closure)
        scale_bar(axes)
        _key(made, classes, closure)
    return made.png


def _extent(
    closure: Closure, shapes: gpd.GeoSeries, heads: np.ndarray
) -> tuple[float, float, float, float]:
    """Return west, south, east and north of most patients and of the practices, in metres."""
    order = np.argsort(-heads, kind="stable")
    total = max(heads.sum(), 1.0)
    most = order[: int(np.searchsorted(np.cumsum(heads[order]) / total, SHOWN)) + 1]
    practices = pd.concat([_practices_on_map(closure), closure.old_addresses])
    x0, y0, x1, y1 = shapes.iloc[most].total_bounds
    west, east = min(x0, practices["easting"].min()), max(x1, practices["easting"].max())
    south, north = min(y0, practices["northing"].min()), max(y1, practices["northing"].max())
    # The map is wider than it is high: the shorter side is filled up around its middle.
    high = max(north - south, (east - west) * HEIGHT / MAP[0], 2_000.0) * 1.1
    wide = high * MAP[0] / HEIGHT
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


OLD = "d"
"""Mark of the address today of a practice that moves."""


def _practices_on_map(closure: Closure) -> pd.DataFrame:
    changed = closure.practices[closure.practices["change"] != "stays"]
    return pd.concat([changed, _gaining(closure).head(RECEIVERS)])


def _marks(axes: Axes, closure: Closure) -> None:
    practices = _practices_on_map(closure)
    most = max(float(practices["patients_gained"].max()), 1.0)
    number = 0
    for row in practices.to_dict("records"):
        x, y = row["easting"], row["northing"]
        if row["change"] == "stays":
            number += 1
            size = 7 + 9 * np.sqrt(row["patients_gained"] / most)
            axes.plot(x, y, "o", markersize=size, color=style.BLUE, markeredgecolor=style.WHITE,
                      zorder=5)  # fmt: skip
            axes.text(x, y, str(number), ha="center", va="center_baseline", fontsize=6.5,
                      weight="bold", color=style.WHITE, zorder=6)  # fmt: skip
        else:
            mark = "X" if row["change"] == "shuts" else "D"
            axes.plot(x, y, mark, markersize=9, color=style.INK, markeredgecolor=style.WHITE,
                      zorder=7)  # fmt: skip
    _mark_old_addresses(axes, closure)


def _mark_old_addresses(axes: Axes, closure: Closure) -> None:
    """Draw where practices that move are today, each with a line to its new address."""
    new = closure.practices.set_index("practice")[["easting", "northing"]]
    for row in closure.old_addresses.to_dict("records"):
        x, y = row["easting"], row["northing"]
        to_x, to_y = new.loc[row["practice"]]
        axes.plot([x, to_x], [y, to_y], ":", color=style.INK, linewidth=1.2, zorder=4)
        axes.plot(x, y, OLD, markersize=8, color=style.WHITE, markeredgecolor=style.INK, zorder=7)


def _key(made: Canvas, classes: np.ndarray, closure: Closure) -> None:
    handles: list[Patch | Line2D] = [
        Patch(facecolor=colour, edgecolor=style.GREY, label=name)
        for number, (name, colour) in enumerate(zip(patients.NAMES, patients.COLOURS, strict=True))
        if (classes == number).any()
    ]
    changed = set(closure.practices["change"])
    marks = [("X", style.INK, "Practice that shuts", "shuts" in changed),
             (OLD, style.WHITE, "Address today", any(closure.moves)),
             ("D", style.INK, "New address", any(closure.moves)),
             ("o", style.BLUE, "Gains patients (by size)", len(_gaining(closure)) > 0)]  # fmt: skip
    handles += [
        Line2D([], [], linestyle="none", marker=mark, color=colour, markersize=8,
               markeredgecolor=style.INK if colour == style.WHITE else style.WHITE, label=words)
        for mark, colour, words, used in marks if used
    ]  # fmt: skip
    made.sheet.legend(
        handles=handles, title="Patients living in an area", loc="upper left",
        bbox_to_anchor=((MAP[0] + 1) / MAP[1], 1 - MM), frameon=False, fontsize=7.5,
        title_fontproperties={"size": 8, "weight": "bold"}, alignment="left", borderaxespad=0,
        handlelength=1.6, labelspacing=0.6,
    )  # fmt: skip
