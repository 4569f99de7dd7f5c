"""Doors of the differential fuzzer: damage to one file, and the figures that are read then."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from io import StringIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner import layers, workflow
from nhcplanner.base import limited_reader
from nhcplanner.base.errors import PlannerError
from nhcplanner.domain.place import Place
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from tests.property.fuzz.differential.networks import (
    damage_streets,
    damage_timetable,
    pack,
    streets,
    timetable,
)
from tests.property.fuzz.differential.tables import (
    AREAS,
    MATRIX,
    TABLES,
    Damage,
    Rows,
    damage_rows,
    damage_table,
    text_of,
)

MODES = {"streets": ("walk", "cycle", "drive"), "timetable": ("transit",), "matrix": ("drive",)}
LABELLED = ("area_name", "site_id", "site_name", "origin_id", "listed_by")
"""Columns that name rows and are no figures."""
ENGINES = {"matrix": "matrix", "streets": "streets"}
Read = tuple[str, set[str]]
"""Figures, and the lines of the record."""


def write_sound(folder: Path) -> None:
    """Write every file, sound."""
    for file, rows in TABLES.items():
        (folder / file).write_text(text_of(rows), encoding="utf-8")
    (folder / "streets.osm").write_text("\n".join(streets()), encoding="utf-8")
    (folder / "gtfs.zip").write_bytes(pack(timetable()))
    (folder / "made").mkdir()
    for name, content in place_files().items():
        (folder / "made" / name).write_text(content, encoding="utf-8")


def build(folder: Path, door: str) -> Place:
    """Build a place from a folder of files, as the door's user would."""
    lives = door == "lives"
    files = workflow.OwnFiles(
        folder / "areas.csv",
        folder / "sites.csv",
        tables=(folder / "table.csv",) if door in ("table", "areas", "sites", "folder") else (),
        streets=folder / "streets.osm" if door == "streets" else None,
        timetable=folder / "gtfs.zip" if door == "timetable" else None,
        matrix=folder / "matrix.csv" if door == "matrix" else None,
        name="Six squares",
        extras=layers.Extras(lives=folder / "lives.csv", health=folder / "health.csv")
        if lives
        else None,
    )
    return workflow.load(workflow.build(files, folder / "place"))


def _frames(folder: Path) -> Place:
    """Make a place from frames, which pandas reads from the files."""
    areas, sites, table = (pd.read_csv(folder / f"{n}.csv") for n in ("areas", "sites", "table"))
    return Place.from_frames(areas, sites, tables={"table": table}, name="Six squares")


def read_place(folder: Path, door: str) -> Read:
    """Return figures and record of the place that a door makes from a folder."""
    with limited_reader.in_process():
        if door == "frames":
            place = _frames(folder)
        else:
            place = workflow.load(folder / "made") if door == "folder" else build(folder, door)
        return figures(place, door), lines_of(place)


def read_minutes(folder: Path, door: str) -> Read:
    """Return figures and notes of a problem made from minutes and people."""
    del door
    long = pd.read_csv(folder / "matrix.csv")
    areas = pd.read_csv(folder / "areas.csv")
    people = areas.set_index("LSOA21CD")["People"]
    problem = Problem.from_minutes(long, people=people, count=2, reach=60)
    order = np.argsort(problem.row_ids or ()), np.argsort(problem.site_ids or ())
    minutes = problem.minutes.toarray()[np.ix_(*order)]
    return str([problem.people[order[0]].tolist(), np.round(minutes, 3).tolist()]), set(
        problem.notes
    )


def figures(place: Place, door: str) -> str:
    """All figures of a place that a plan rests on: people, need, sites, points and minutes."""
    found = []
    for layer in ("areas", "sites", "origins"):
        frame = getattr(place, layer)
        labels = [name for name in LABELLED if name in frame]
        points = frame.geometry.representative_point()
        plain = pd.DataFrame(frame.drop(columns=["geometry", *labels]))
        plain = plain.assign(x=points.x.round(1), y=points.y.round(1)).dropna(axis=1, how="all")
        plain = plain.sort_values(["x", "y"])
        found.append(plain.reindex(columns=sorted(plain.columns)).to_csv(index=False))
    for mode in MODES.get(door, ("walk",)):
        engine = ENGINES.get(door, "auto")
        scenario = Scenario().with_settings([f"mode={mode}", f"engine={engine}"])
        try:
            times = workflow.measure(place, scenario, keep=False)
        except PlannerError as error:
            found.append(f"refused: {error}")
        else:
            order = np.lexsort((place.sites.geometry.y, place.sites.geometry.x))
            starts = np.lexsort((place.origins.geometry.y, place.origins.geometry.x))
            minutes = times.minutes.toarray()[np.ix_(starts, order)]
            found.append(str(np.round(minutes, 1).tolist()))
    return "\n".join(found)


def lines_of(place: Place) -> set[str]:
    """Everything that `check` prints of a place, a line each, without what every copy changes."""
    text = " ".join(layers.describe(place).split("\n      "))
    words = re.sub(r"sha256 \w+", "", re.sub(r"\s{2,}", "\n", text))
    return {piece.strip() for line in words.split("\n") for piece in line.split("; ")}


@cache
def place_files() -> dict[str, str]:
    """Return the files of a sound place folder, its layers as CSV: a folder made by hand."""
    with TemporaryDirectory() as scratch, limited_reader.in_process():
        folder = Path(scratch)
        for file, rows in TABLES.items():
            (folder / file).write_text(text_of(rows), encoding="utf-8")
        place = build(folder, "folder")
        made = (folder / "place" / "place.toml").read_text(encoding="utf-8")
    files = {"place.toml": made}
    for layer in ("areas", "sites", "origins"):
        frame: gpd.GeoDataFrame = getattr(place, layer)
        point = {"easting": frame.geometry.x.round(1), "northing": frame.geometry.y.round(1)}
        rest = frame.drop(columns="geometry").dropna(axis="columns", how="all")
        files[f"{layer}.csv"] = pd.DataFrame(rest).assign(**point).to_csv(index=False)
    return files


def damage_folder(chance: Random) -> Damage:
    """Damage one layer of a place folder, or a line of its place.toml."""
    name = chance.choice(["areas.csv", "areas.csv", "sites.csv", "sites.csv", "origins.csv",
                          "place.toml"])  # fmt: skip
    text = place_files()[name]
    if name != "place.toml":
        frame = pd.read_csv(StringIO(text), dtype="str", keep_default_na=False)
        rows: Rows = [list(map(str, frame.columns)), *frame.to_numpy().tolist()]
        return damage_rows(rows, f"made/{name}", chance)
    lines = text.splitlines()
    at = chance.randrange(len(lines))
    old = lines[at]
    lines[at] = chance.choice(["", f"{old}x", old.replace("=", ":"), old.upper(), f"{old}\n{old}"])
    words = f"place.toml line {at + 1}: {old[:60]} -> {lines[at][:60]}"
    return Damage(f"made/{name}", "\n".join(lines).encode(), words, (name, old.split(" ")[0]))


def damage_frames(chance: Random) -> Damage:
    """Damage one file that is read as a frame; rows of frames are counted from 1."""
    damage = damage_table(chance.choice(["areas.csv", "sites.csv", "table.csv"]), chance)
    while "e+" in damage.words:  # pandas makes a plain number of it before the planner has it
        damage = damage_table(chance.choice(["areas.csv", "sites.csv", "table.csv"]), chance)
    return Damage(damage.file, damage.content, damage.words, _counted_from_one(damage.names))


def _counted_from_one(names: tuple[str, ...]) -> tuple[str, ...]:
    rows = [re.fullmatch(r"row (\d+)", name) for name in names]
    return (*names, *(f"row {int(found[1]) - 1}" for found in rows if found))


def damage_lives(chance: Random) -> Damage:
    """Damage the life table or the table of good health."""
    return damage_table(chance.choice(["lives.csv", "health.csv"]), chance)


def damage_minutes(chance: Random) -> Damage:
    """Damage the minutes or the people of a problem."""
    if chance.random() < 0.6:
        return damage_rows([list(row) for row in MATRIX], "matrix.csv", chance)
    columns = [AREAS[0].index(name) for name in ("LSOA21CD", "People")]
    rows = [[row[column] for column in columns] for row in AREAS]
    return damage_rows(rows, "areas.csv", chance)


DOORS: dict[str, Callable[[Random], Damage]] = {
    "areas": lambda chance: damage_table("areas.csv", chance),
    "sites": lambda chance: damage_table("sites.csv", chance),
    "table": lambda chance: damage_table("table.csv", chance),
    "matrix": lambda chance: damage_table("matrix.csv", chance),
    "streets": damage_streets,
    "timetable": damage_timetable,
    "folder": damage_folder,
    "lives": damage_lives,
    "frames": damage_frames,
    "minutes": damage_minutes,
}
