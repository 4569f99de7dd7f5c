"""Ways as a source gives them, and the streets from junction to junction that they are cut into."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from pyproj import Transformer

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.place import CRS
from nhcplanner.travel.osm_tags import Tags, timed_values, unread_limits, unread_values
from nhcplanner.travel.streets.ferries import FerryRoute, with_speeds
from nhcplanner.travel.streets.restrictions import Restriction, find_turns, timed_restriction


class Square(NamedTuple):
    """Ground that is walked across, such as a square or a wide platform.

    Parameters
    ----------
    outer, inner
        Positions of the ways around it, and of those around what is left out of it.
    """

    outer: tuple[int, ...]
    inner: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Ways:
    """Streets before they are cut at junctions.

    Parameters
    ----------
    ref, lon, lat
        Id and position in degrees of each point of each way, way after way; ways that share an
        id meet there.
    start
        Where each way's points start, one more than there are ways.
    id
        Id of each way.
    kind
        Position in `kinds` of each way.
    kinds
        The different sets of tags that occur.
    barriers
        Id of each point with a barrier, and its tags.
    restrictions
        Turns that are forbidden or ordered.
    left_out
        Why ways and restrictions were left out, and how many.
    doubts
        What looks wrong with the source, in words.
    holes
        OSM id of each way that lacks nodes, and how many.
    routes
        Ferries whose duration stands on their route.
    squares
        Ground that is walked across.
    """

    ref: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    start: np.ndarray
    id: np.ndarray
    kind: np.ndarray
    kinds: list[Tags]
    barriers: dict[int, Tags] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    doubts: list[str] = field(default_factory=list)
    holes: dict[int, int] = field(default_factory=dict)
    routes: list[FerryRoute] = field(default_factory=list)
    squares: list[Square] = field(default_factory=list)


EXAMPLES = 3
SPACING = 200  # metres; a long street has a node about so often, for points to be tied to
# Great Britain with its seas, metres on the British National Grid.
LOW, HIGH = np.array([-200_000, -200_000]), np.array([900_000, 1_500_000])


def cut_at_junctions(ways: Ways, file: str) -> dict[str, Any]:
    """Cut ways where they meet, end or have a barrier, and long ones at bends about 200 m apart.

    Parameters
    ----------
    ways
        The ways as read.
    file
        Name of their file, for messages.

    Returns
    -------
    dict
        The fields of `Network`.

    Raises
    ------
    InputError
        Where the ways lie outside Great Britain.
    """
    ids, first, point = np.unique(ways.ref, return_index=True, return_inverse=True)
    place = _project(ways.lon[first], ways.lat[first], file)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(place[point], axis=0).T))])
    cut = _with_spacing(_is_cut(ways, ids, point), along)
    at = np.flatnonzero(cut)
    way = np.repeat(np.arange(len(ways.kind)), np.diff(ways.start))
    same = way[at[:-1]] == way[at[1:]]
    begin, end = at[:-1][same], at[1:][same]
    nodes, node = np.unique(point[np.concatenate([begin, end])], return_inverse=True)
    source, target = np.split(node, 2)
    length = (along[end] - along[begin]).astype(np.float32)
    metres = along[ways.start[1:] - 1] - along[ways.start[:-1]]
    kind, kinds, timeless = with_speeds(ways.kind, ways.kinds, metres, ways.id, ways.routes)
    street_ends = np.column_stack([ids[nodes[source]], ids[nodes[target]]])
    left_out = Counter(ways.left_out)
    turns = find_turns(ways.restrictions, ways.id[way[begin]], street_ends, left_out)
    number = {int(ref): i for i, ref in enumerate(ids[nodes])} if ways.barriers else {}
    return {
        "osm_id": ids[nodes],
        "xy": place[nodes],
        "source": source.astype(np.int32),
        "target": target.astype(np.int32),
        "length": length,
        "kind": kind[way[begin]],
        "kinds": kinds,
        "bend_start": np.concatenate([[0], np.cumsum(end - begin - 1)]),
        "bends": place[point[~cut]].astype(np.float32),
        "barriers": {number[r]: tags for r, tags in ways.barriers.items() if r in number},
        "turns": turns.at_nodes,
        "paths": turns.along,
        "turn_kinds": turns.kinds,
        "report": {
            "ways": len(ways.kind),
            "left_out": dict(left_out.most_common()),
            "turn_restrictions": len(turns.at_nodes) + len(np.unique(turns.along[:, 0])),
            "doubts": ways.doubts,
            "ferries_without_duration": timeless,
            **_report_tags(ways),
            "nodes": len(nodes),
            "streets": len(begin),
            "km": round(float(length.sum(dtype=np.float64)) / 1000, 1),
        },
    }


def _report_tags(ways: Ways) -> dict[str, Any]:
    """Holes in ways, and tags that were not read or not obeyed, with how many ways have them."""
    unread, timed = Counter[str](), Counter[str]()
    uses = np.bincount(ways.kind, minlength=len(ways.kinds)).tolist()
    rows = [*zip(ways.kinds, uses, strict=True), *((tags, 1) for tags in ways.barriers.values())]
    for tags, count in rows:
        unread.update(dict.fromkeys([*unread_values(tags), *unread_limits(tags)], count))
        timed.update(dict.fromkeys(timed_values(tags), count))
    timed.update(value for rule in ways.restrictions for value in timed_restriction(rule.tags))
    return {
        "holes": {
            "ways": len(ways.holes),
            "nodes": sum(ways.holes.values()),
            "examples": [f"way {name}" for name in list(ways.holes)[:EXAMPLES]],
        },
        "unread_values": dict(unread.most_common()),
        "timed_values": dict(timed.most_common()),
    }


def _is_cut(ways: Ways, ids: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Which points of the ways are junctions, ends or barriers."""
    uses = np.bincount(point, minlength=len(ids))
    barrier = np.isin(ids, np.fromiter(ways.barriers, dtype=np.int64, count=len(ways.barriers)))
    cut = ((uses > 1) | barrier)[point]
    cut[ways.start[:-1]] = True
    cut[ways.start[1:] - 1] = True
    ends: np.ndarray = cut
    return ends


def _with_spacing(cut: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Cut long streets too, at the first bend after every so many metres."""
    begin = np.maximum.accumulate(np.where(cut, np.arange(len(cut)), 0))
    step = (along - along[begin]) // SPACING
    passed = np.zeros_like(cut)
    passed[1:] = step[1:] > step[:-1]
    spaced: np.ndarray = cut | passed
    return spaced


def _project(lon: np.ndarray, lat: np.ndarray, file: str) -> np.ndarray:
    """Positions on the British National Grid, to the centimetre."""
    project = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    place = np.column_stack(project.transform(lon, lat))
    outside = ~((place > LOW) & (place < HIGH)).all(axis=1)
    if outside.any():
        lon, lat = lon[outside][0], lat[outside][0]
        text = f"{outside.sum()} points lie outside Great Britain, one at {lon:.4f}, {lat:.4f}"
        hint = "Give the streets of the place itself"
        raise InputError([Fault(text, file, hint=hint)])
    rounded: np.ndarray = place.round(2)
    return rounded
