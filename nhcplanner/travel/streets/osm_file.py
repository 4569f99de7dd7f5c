"""Read the ways that people move on out of any OpenStreetMap file, as flat arrays."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import osmium

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.reading import read_apart
from nhcplanner.travel import osm_tags
from nhcplanner.travel.osm_tags import Tags, crossing_minutes
from nhcplanner.travel.streets.restrictions import RESTRICTION_TAGS, Restriction
from nhcplanner.travel.streets.ways import Ways

NO_POSITION = 2**31 - 1  # osmium's x and y of a node that the file does not hold
DEGREES = 1e-7  # osmium counts positions in ten-millionths of a degree
TICK = 20_000
KEYS = ("highway", "barrier", "route", "type")  # a relation has a type, whatever it is
CUT_SHORT = (
    "The file holds no relations, which stand at its end: it may have been cut short between "
    "two blocks, and then streets are missing too"
)


class _Reader:
    def __init__(self) -> None:
        self.ref, self.lon, self.lat = array("q"), array("i"), array("i")
        self.start, self.id, self.kind = array("q", [0]), array("q"), array("i")
        self.kinds: dict[tuple[tuple[str, str], ...], int] = {}
        self.barriers: dict[int, Tags] = {}
        self.restrictions: list[Restriction] = []
        self.relations = 0
        self.left_out: Counter[str] = Counter()

    def node(self, node: osmium.osm.Node) -> None:
        if "barrier" in node.tags:
            self.barriers[node.id] = _kept(node.tags, osm_tags.TAGS)

    def way(self, way: osmium.osm.Way) -> None:
        tags = _kept(way.tags, osm_tags.TAGS)
        if osm_tags.is_ferry(tags) and not crossing_minutes(tags.get("duration", "")):
            self.left_out["ferry that does not say how long it takes"] += 1
            return
        if tags.get("highway") not in osm_tags.HIGHWAYS and not osm_tags.is_ferry(tags):
            if "highway" in tags:
                self.left_out[f"highway={tags['highway']}"] += 1
            return
        known = [(n.ref, n.x, n.y) for n in way.nodes if n.x != NO_POSITION]
        if len(known) < 2:
            self.left_out["positions of its nodes are not in the file"] += 1
            return
        for ref, x, y in known:
            self.ref.append(ref)
            self.lon.append(x)
            self.lat.append(y)
        self.start.append(len(self.ref))
        self.id.append(way.id)
        self.kind.append(self.kinds.setdefault(tuple(sorted(tags.items())), len(self.kinds)))

    def relation(self, relation: osmium.osm.Relation) -> None:
        self.relations += 1
        if relation.tags.get("type") != "restriction":
            return
        tags = _kept(relation.tags, RESTRICTION_TAGS)
        members: dict[tuple[str, str], list[int]] = {}
        for member in relation.members:
            members.setdefault((member.role, member.type), []).append(member.ref)
        via, along = members.get(("via", "n"), []), tuple(members.get(("via", "w"), []))
        if len(via) != 1 and not along:
            self.left_out["turn restriction that does not say where"] += 1
            return
        into, out = members.get(("from", "w"), []), members.get(("to", "w"), [])
        node = None if along else via[0]
        self.restrictions += [Restriction(a, node, b, tags, along) for a in into for b in out]

    def ways(self) -> Ways:
        return Ways(
            np.array(self.ref, dtype=np.int64),
            np.array(self.lon, dtype=np.float64) * DEGREES,
            np.array(self.lat, dtype=np.float64) * DEGREES,
            np.array(self.start, dtype=np.int64),
            np.array(self.id, dtype=np.int64),
            np.array(self.kind, dtype=np.int32),
            [dict(tags) for tags in self.kinds],
            self.barriers,
            self.restrictions,
            self.left_out,
            [] if self.relations else [CUT_SHORT],
        )


def read_ways(path: Path, progress: Callable[[int], None] | None = None) -> Ways:
    """Read every way that some mode may use, barriers on them, and turn restrictions.

    Parameters
    ----------
    path
        Any file that osmium reads: .osm.pbf, .osm, .osm.bz2, .osm.gz.
    progress
        Called now and then with the number of ways read so far.

    Raises
    ------
    InputError
        Where the file is missing, is no OSM file, is cut short or holds no streets.
    """
    ways: Ways = read_apart(_read_ways, path, report=progress)
    return ways


def _read_ways(path: Path, progress: Callable[[int], None] | None = None) -> Ways:
    if not path.is_file():
        raise InputError([Fault("does not exist", str(path), hint="Check the path of the streets")])
    reader = _Reader()
    try:
        things = osmium.FileProcessor(str(path)).with_locations()
        for thing in things.with_filter(osmium.filter.KeyFilter(*KEYS)):
            if thing.is_way():
                reader.way(thing)
                if progress and len(reader.kind) % TICK == 0:
                    progress(len(reader.kind))
            elif thing.is_node():
                reader.node(thing)
            else:
                reader.relation(thing)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        hint = "It may be cut short or no OpenStreetMap file: download it again"
        raise InputError([Fault(f"cannot be read ({error})", path.name, hint=hint)]) from None
    if not reader.kind:
        why = "; ".join(f"{count} left out: {words}" for words, count in reader.left_out.items())
        text = f"holds no streets or paths{f' ({why})' if why else ''}"
        hint = "Give an OpenStreetMap extract with its ways of highway=*"
        raise InputError([Fault(text, path.name, hint=hint)])
    return reader.ways()


def _kept(tags: osmium.osm.TagList, wanted: frozenset[str]) -> Tags:
    return {tag.k: tag.v for tag in tags if tag.k in wanted}
