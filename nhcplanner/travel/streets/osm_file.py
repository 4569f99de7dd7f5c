"""Ways that people may use, read from OpenStreetMap files as flat arrays."""

from __future__ import annotations

import mmap
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import osmium

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.base.text import plural, shortened
from nhcplanner.travel import osm_tags
from nhcplanner.travel.osm_tags import Tags
from nhcplanner.travel.step_free import KERBS
from nhcplanner.travel.streets.ferries import FerryRoute, crossing_minutes
from nhcplanner.travel.streets.restrictions import RESTRICTION_TAGS, Restriction
from nhcplanner.travel.streets.ways import CUT_SQUARE, Square, Ways, add_ways_across

ON_KERBS = frozenset({"kerb", "wheelchair"})
"""Tags of a kerb that is no barrier; those of its crossing are of no interest."""
NO_POSITION = 2**31 - 1  # osmium's x and y of a node that the file does not hold
DEGREES = 1e-7  # osmium counts positions in ten-millionths of a degree
TICK = 20_000
# A relation has a type, whatever it is.
KEYS = ("highway", "barrier", "kerb", "route", "type", "man_made", "railway", "public_transport")
WALKED = {"man_made": {"pier": "footway"}, "railway": {"platform": "platform"},
          "public_transport": {"platform": "platform"}}  # fmt: skip
"""Class of way that something without a `highway` tag is walked as, by key and value."""
MOST_POINTS, POINTS_PER_BYTE = 1_000_000, 20
"""Points of ways that any file may have, and more for each of its bytes; a point of a packed
extract takes several bytes."""
CUT_SHORT = (
    "The file holds no relations, which are at its end: it may have been cut short between "
    "two blocks, and then streets are missing too"
)
ABSENT = "positions of its nodes are not in the file"
DELETED = "deleted, by its own mark"
IN_EDITOR = re.compile(rb"""\baction=["']delete["']""")
"""Mark of an editor on what it will delete, which osmium does not read."""
IN_ORDER = (
    "Its nodes must come before its ways and have ids above 0: export it from the editor again, "
    "or run `osmium sort` and `osmium renumber` on it"
)
Point = tuple[int, int, int]
"""OSM id of a node, and its position in ten-millionths of a degree, longitude first."""


class _Reader:
    """Ways while they are read.

    Parameters
    ----------
    most
        Points of ways above which the file is refused.
    """

    def __init__(self, most: float = np.inf) -> None:
        self.most = most
        self.ref, self.lon, self.lat = array("q"), array("i"), array("i")
        self.start, self.id, self.kind = array("q", [0]), array("q"), array("i")
        self.kinds: dict[tuple[tuple[str, str], ...], int] = {}
        self.barriers: dict[int, Tags] = {}
        self.restrictions: list[Restriction] = []
        self.ferries: list[tuple[tuple[int, ...], Tags]] = []
        self.areas: list[tuple[tuple[int, ...], tuple[int, ...], Tags]] = []
        self.squares: list[Square] = []
        self.relations = 0
        self.left_out: Counter[str] = Counter()
        self.holes: dict[int, int] = {}

    def node(self, node: osmium.osm.Node) -> None:
        if "barrier" in node.tags:
            self.barriers[node.id] = _select_tags(node.tags, osm_tags.TAGS)
        elif "kerb" in node.tags and node.tags["kerb"] in KERBS:  # at a crossing, without a barrier
            self.barriers[node.id] = _select_tags(node.tags, ON_KERBS)

    def way(self, way: osmium.osm.Way) -> None:
        tags = _tags_that_decide(way.tags)
        if not way.visible:
            self.left_out[DELETED] += 1
            return
        if tags.get("highway") not in osm_tags.HIGHWAYS and not osm_tags.is_ferry(tags):
            if "highway" in tags:
                self.left_out[f"highway={tags['highway']}"] += 1
            return
        self.add(way.id, [(n.ref, n.x, n.y) for n in way.nodes], tags)

    def add(self, name: int, points: list[Point], tags: Tags) -> None:
        """Add a way, in pieces if the file lacks some of its nodes."""
        if len(self.ref) + len(points) > self.most:
            raise ValueError(
                f"its ways pass more than {self.most:,.0f} points, far beyond its size"
            )
        missing = sum(x == NO_POSITION for _, x, _ in points)
        pieces = _pieces(points) if missing else [points] * (len(points) > 1)
        if missing:
            self.holes[name] = missing
        if not pieces:
            self.left_out[ABSENT] += 1
        kind = self._kind(tags)
        is_closed = not missing and len(points) > 3 and points[0][0] == points[-1][0]
        if is_closed and tags.get("area") == "yes" and tags.get("highway") in osm_tags.AREAS:
            self.squares.append(Square((len(self.kind),)))
        for piece in pieces:
            for ref, x, y in piece:
                self.ref.append(ref)
                self.lon.append(x)
                self.lat.append(y)
            self.start.append(len(self.ref))
            self.id.append(name)
            self.kind.append(kind)

    def _kind(self, tags: Tags) -> int:
        return self.kinds.setdefault(tuple(sorted(tags.items())), len(self.kinds))

    def relation(self, relation: osmium.osm.Relation) -> None:
        self.relations += 1
        if not relation.visible:
            self.left_out[DELETED] += 1
            return
        kind = relation.tags.get("type", "")
        if kind.split(":")[0] == "restriction":
            self._restriction(relation, kind)
        elif kind == "route" and relation.tags.get("route") == "ferry":
            ways = _members(relation).get("w", [])
            self.ferries.append((tuple(ref for _, ref in ways), _tags_that_decide(relation.tags)))
        elif (
            kind == "multipolygon"
            and (tags := _tags_that_decide(relation.tags)).get("highway") in osm_tags.AREAS
        ):
            ways = _members(relation).get("w", [])
            inner = tuple(ref for role, ref in ways if role == "inner")
            outer = tuple(ref for role, ref in ways if role != "inner")
            self.areas.append((outer, inner, tags))

    def _restriction(self, relation: osmium.osm.Relation, kind: str) -> None:
        tags = _select_tags(relation.tags, RESTRICTION_TAGS)
        if kind != "restriction" and "restriction" in tags:  # type=restriction:bicycle
            tags[kind] = tags.pop("restriction")
        members = _members(relation)
        roles = {
            (role, what): [ref for each, ref in rows if each == role]
            for what, rows in members.items()
            for role in ("from", "via", "to")
        }
        via, along = roles.get(("via", "n"), []), tuple(roles.get(("via", "w"), []))
        if len(via) != 1 and not along:
            self.left_out["turn restriction that does not say where"] += 1
            return
        into, out = roles.get(("from", "w"), []), roles.get(("to", "w"), [])
        node = None if along else via[0]
        self.restrictions += [Restriction(a, node, b, tags, along) for a in into for b in out]

    def absent_members(self) -> dict[int, Tags]:
        """Return tags for ways that only a ferry route or an area's outline names, by OSM id."""
        tags_of_way = {
            name: {"route": "ferry"} | {key: tags[key] for key in tags if key != "duration"}
            for ways, tags in self.ferries
            for name in ways
        }
        for outer, inner, tags in self.areas:
            tags_of_way |= dict.fromkeys((*outer, *inner), tags)
        if tags_of_way:
            for name in self.id:
                tags_of_way.pop(name, None)
        return tags_of_way

    def settle_relations(self) -> list[FerryRoute]:
        """Add the tags of routes to ferries, and the ways around them to squares."""
        if not (self.ferries or self.areas):
            return []
        rows: dict[int, list[int]] = {}
        for row, name in enumerate(self.id):
            rows.setdefault(name, []).append(row)
        kinds = [dict(tags) for tags in self.kinds]
        routes = []
        for ways, tags in self.ferries:
            own = {key: value for key, value in tags.items() if key != "duration"}
            for row in (row for name in ways for row in rows.get(name, [])):
                if osm_tags.is_ferry(kinds[self.kind[row]]):
                    self.kind[row] = self._kind(own | kinds[self.kind[row]])
            kinds = [dict(tags) for tags in self.kinds]
            minutes = crossing_minutes(tags.get("duration", ""))
            if minutes:
                routes.append(FerryRoute(ways, minutes))
        for outer, inner, _ in self.areas:
            around = [
                [row for name in ring for row in rows.get(name, [])] for ring in (outer, inner)
            ]
            if around[0] and all(name in rows for name in (*outer, *inner)):
                self.squares.append(Square(tuple(around[0]), tuple(around[1])))
            elif around[0]:
                self.left_out[CUT_SQUARE] += 1
        return routes

    def _doubts(self) -> list[str]:
        """Return doubts about ways that the file has several times, as a file of all edits does."""
        ids = np.array([name for name in self.id if name not in self.holes], dtype=np.int64)
        names, count = np.unique(ids, return_counts=True)
        twice = names[count > 1]
        if not len(twice):
            return []
        words = f"{plural(len(twice), 'way')} in the file more than once, all of them read"
        return [f"{words} ({shortened([f'way {name}' for name in twice])})"]

    def ways(self) -> Ways:
        routes = self.settle_relations()
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
            [*([] if self.relations else [CUT_SHORT]), *self._doubts()],
            self.holes,
            routes,
            self.squares,
        )


def read_ways(path: Path | Sequence[Path], progress: Callable[[int], None] | None = None) -> Ways:
    """Read every way that some mode may use, barriers on them, and turn restrictions.

    Parameters
    ----------
    path
        Any file that osmium reads: .osm.pbf, .osm, .osm.bz2, .osm.gz. Or several, such as the
        extracts of neighbouring counties: what they share, by its OSM id, is taken once.
    progress
        Called now and then with the number of ways read so far.

    Raises
    ------
    InputError
        If a file is missing, is not an OSM file, is cut short or holds no streets.
    """
    paths = [path] if isinstance(path, Path) else list(path)
    for each in paths:
        if not each.is_file():
            hint = "Check the path of the streets"
            raise InputError([Fault("does not exist", str(each), hint=hint)])
    if len(paths) == 1:
        ways: Ways = read_apart(_read_ways, paths[0], report=progress)
        return ways
    with TemporaryDirectory() as scratch:
        merged = Path(scratch) / "merged.osm.pbf"
        read_apart(_merge, max(paths, key=lambda each: each.stat().st_size), paths, merged)
        whole: Ways = read_apart(_read_ways, merged, report=progress)
    return whole


def _merge(largest: Path, paths: Sequence[Path], out: Path) -> None:  # noqa: ARG001 - sets the limits
    """Write several files as one, with the latest version of each object."""
    merger = osmium.MergeInputReader()
    for path in paths:
        try:
            merger.add_file(str(path.absolute()))
        except (RuntimeError, ValueError) as error:
            raise _unreadable(path, error) from None
    writer = osmium.SimpleWriter(str(out))
    try:
        merger.apply(writer, simplify=True)
    finally:
        writer.close()


def _read_ways(path: Path, progress: Callable[[int], None] | None = None) -> Ways:
    reader = _Reader(MOST_POINTS + POINTS_PER_BYTE * path.stat().st_size)
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
        _add_members(reader, path, things.node_location_storage)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise _unreadable(path, error) from None
    if not reader.kind:
        why = "; ".join(f"{count} left out: {words}" for words, count in reader.left_out.items())
        text = f"holds no streets or paths{f' ({why})' if why else ''}"
        hint = "Give an OpenStreetMap extract with its ways of highway=*"
        hint = IN_ORDER if ABSENT in reader.left_out else hint
        raise InputError([Fault(text, path.name, hint=hint)])
    ways = add_ways_across(reader.ways())
    marked = _marked_deleted(path)
    if marked:
        ways.doubts.append(f"{plural(marked, 'thing')} that an editor marked as deleted are read")
    return ways


def _marked_deleted(path: Path) -> int:
    """Return how many things of an XML file have an editor's mark of deletion."""
    if path.suffix.lower() != ".osm":
        return 0
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return sum(1 for _ in IN_EDITOR.finditer(text))


def _add_members(reader: _Reader, path: Path, places: osmium.index.LocationTable) -> None:
    """Read the ways that only relations name, in a second pass; most files have none."""
    tags_of_way = reader.absent_members()
    if not tags_of_way:
        return
    ways = osmium.FileProcessor(str(path), osmium.osm.WAY)
    for way in ways.with_filter(osmium.filter.IdFilter(list(tags_of_way))):
        points = [(node.ref, *_place(places, node.ref)) for node in way.nodes]
        reader.add(way.id, points, tags_of_way[way.id])


def _place(places: osmium.index.LocationTable, ref: int) -> tuple[int, int]:
    try:
        location = places.get(ref)
    except KeyError:
        return NO_POSITION, NO_POSITION
    return location.x, location.y


def _unreadable(path: Path, error: Exception) -> InputError:
    hint = "It may be cut short or no OpenStreetMap file: download it again"
    return InputError([Fault(f"cannot be read ({error})", path.name, hint=hint)])


def _pieces(points: Iterable[Point]) -> list[list[Point]]:
    """Return runs of two or more points whose positions are known."""
    pieces: list[list[Point]] = [[]]
    for point in points:
        if point[1] != NO_POSITION:
            pieces[-1].append(point)
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if len(piece) > 1]


def _members(relation: osmium.osm.Relation) -> dict[str, list[tuple[str, int]]]:
    """Return role and OSM id of each member of a relation, by type: n, w or r."""
    members: dict[str, list[tuple[str, int]]] = {}
    for member in relation.members:
        members.setdefault(member.type, []).append((member.role, member.ref))
    return members


def _tags_that_decide(osm_tag_list: osmium.osm.TagList) -> Tags:
    """Return the tags that decide access, with a class of way for piers and platforms."""
    tags = _select_tags(osm_tag_list, osm_tags.TAGS)
    if "highway" not in tags:
        for key, classes in WALKED.items():
            if key in osm_tag_list and osm_tag_list[key] in classes:
                tags["highway"] = classes[osm_tag_list[key]]
                if tags["highway"] == "platform":  # a closed platform is one to stand on
                    tags.setdefault("area", "yes")
    return tags


def _select_tags(tags: osmium.osm.TagList, keys: frozenset[str]) -> Tags:
    return {tag.k: tag.v for tag in tags if tag.k in keys}
