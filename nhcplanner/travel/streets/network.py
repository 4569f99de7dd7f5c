"""Street networks of all modes, as read from OpenStreetMap, without speeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.heights import Heights
from nhcplanner.travel import osm_tags
from nhcplanner.travel.osm_tags import Tags
from nhcplanner.travel.slopes import NOTE as SLOPES_NOTE
from nhcplanner.travel.slopes import gradients, slope_factors, slopes_note
from nhcplanner.travel.speed_profile import Profile
from nhcplanner.travel.step_free import NOTE, is_step_free, step_free_note, stops_wheelchair
from nhcplanner.travel.streets import store
from nhcplanner.travel.streets.graphs import read_graphml_ways, ways_of_graph
from nhcplanner.travel.streets.lines import Lines
from nhcplanner.travel.streets.osm_file import read_ways
from nhcplanner.travel.streets.restrictions import stops, turn_rule
from nhcplanner.travel.streets.routable_graph import build_graph
from nhcplanner.travel.streets.streets import Streets
from nhcplanner.travel.streets.turns import ForbiddenTurns, MultiEdgeRestriction, TurnRules
from nhcplanner.travel.streets.ways import cut_at_junctions

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, eq=False)
class Network:
    """Streets cut at junctions, with the tags that decide who may use them and how fast.

    Parameters
    ----------
    osm_id
        OSM id of each node.
    xy
        Nodes x 2, EPSG:27700.
    source, target
        Node at which each street begins and ends, in the direction that it was drawn.
    length
        Metres along each street.
    kind
        Position in `kinds` of each street.
    kinds
        The different sets of tags that occur.
    bend_start, bends
        Points between the ends of each street: rows `bend_start[i]` to `bend_start[i + 1]` of
        `bends` (points x 2, EPSG:27700).
    barriers
        Nodes that have a barrier, and its tags.
    turns, turn_kinds
        Turn restrictions x 4: the street that one comes along, which of its ends one turns at
        (0 source, 1 target), the street that one takes, and the position in `turn_kinds` of
        what is forbidden or ordered and to whom.
    paths
        Turn restrictions along streets x 4: the number of the path, a street of it in order,
        1 where it is gone against its direction, the position in `turn_kinds`.
    heights
        Metres above sea level of each node, NaN = unknown; empty without heights.
    report
        For people: what was read, what was left out and why, what looks wrong (`doubts`),
        streets, nodes, kilometres.
    """

    osm_id: np.ndarray
    xy: np.ndarray
    source: np.ndarray
    target: np.ndarray
    length: np.ndarray
    kind: np.ndarray
    kinds: list[Tags]
    bend_start: np.ndarray
    bends: np.ndarray
    barriers: dict[int, Tags] = field(default_factory=dict)
    turns: np.ndarray = field(default_factory=lambda: np.empty((0, 4), dtype=np.int32))
    paths: np.ndarray = field(default_factory=lambda: np.empty((0, 4), dtype=np.int32))
    turn_kinds: list[Tags] = field(default_factory=list)
    heights: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.float32))
    report: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(
        cls, path: str | Path | Sequence[Path], progress: Callable[[int], None] | None = None
    ) -> Network:
        """Read streets from a file, by its ending.

        Parameters
        ----------
        path
            .npz as `save` writes it, .graphml as osmnx writes it, or any file of
            OpenStreetMap (.osm.pbf, .osm, .osm.bz2); or several of the last, such as the extracts
            of neighbouring counties, which may overlap.
        progress
            Called now and then with the number of ways read so far.

        Raises
        ------
        InputError
            If a file cannot be read or holds no streets, and for several files that are not
            all of OpenStreetMap.
        """
        paths = [Path(path)] if isinstance(path, (str, Path)) else [Path(each) for each in path]
        own = [each for each in paths if each.suffix.lower() in (".npz", ".graphml")]
        if len(paths) > 1 and own:
            hint = "Give one of them, or OpenStreetMap extracts only"
            raise InputError([Fault("cannot be merged with others", own[0].name, hint=hint)])
        if len(paths) > 1:
            name = " + ".join(each.name for each in paths)
            return cls(**cut_at_junctions(read_ways(paths, progress), name))
        ending = paths[0].suffix.lower()
        if ending == ".npz":
            return cls.load(paths[0])
        if ending == ".graphml":
            return cls(**cut_at_junctions(read_graphml_ways(paths[0]), "graph"))
        return cls.from_pbf(paths[0], progress)

    @classmethod
    def from_pbf(cls, path: str | Path, progress: Callable[[int], None] | None = None) -> Network:
        """Read streets from an OpenStreetMap file.

        Parameters
        ----------
        path
            Any file that osmium reads: .osm.pbf, .osm, .osm.bz2.
        progress
            Called now and then with the number of ways read so far.

        Raises
        ------
        InputError
            If the file is missing, is not an OSM file, is cut short, holds no streets, or lies
            outside Great Britain.
        """
        path = Path(path)
        return cls(**cut_at_junctions(read_ways(path, progress), path.name))

    @classmethod
    def from_graph(cls, graph: nx.MultiDiGraph[Any]) -> Network:
        """Make a network from a networkx graph of osmnx.

        By default osmnx drops tags that decide who may use a street, such as foot and
        motor_vehicle, and barriers with theirs. To have the same minutes as from the file
        itself, ask it for them, and for streets of all modes::

            import osmnx
            from nhcplanner.travel import GRAPH_TAGS, Network

            osmnx.settings.useful_tags_way = osmnx.settings.useful_tags_node = GRAPH_TAGS
            graph = osmnx.graph_from_place(
                "Rutland, England", network_type="all", simplify=False, retain_all=True
            )
            network = Network.from_graph(graph)

        `osmnx.save_graphml(graph, "rutland.graphml")` makes it a file that a place can be built
        with. A graph holds no turn restrictions and no ferries: drives may then turn everywhere.

        Parameters
        ----------
        graph
            Nodes with `x` and `y` in the coordinate system `graph.graph["crs"]` (by default
            longitude and latitude); edges with OSM tags, and `geometry` where they bend.

        Raises
        ------
        InputError
            If the graph has no streets, nodes without position, or lies outside Great
            Britain.
        """
        return cls(**cut_at_junctions(ways_of_graph(graph), "graph"))

    @classmethod
    def load(cls, path: str | Path) -> Network:
        """Read streets as `save` wrote them.

        Raises
        ------
        InputError
            If the file is missing or is not one that `save` wrote.
        """
        return store.load(cls, Path(path))

    def with_heights(self, heights: Heights) -> Network:
        """Return the streets with the height of each node; `report` counts those without."""
        found = heights.at(self.xy).astype(np.float32)
        counts = {"files": list(heights.files), "unknown": int(np.isnan(found).sum())}
        return replace(self, heights=found, report=self.report | {"heights": counts})

    def save(self, path: str | Path) -> None:
        """Write the streets to one compact .npz file, atomically."""
        store.save(self, Path(path))

    def streets(self, mode: str = "drive", profile: Profile | None = None) -> Streets:
        """Return the streets that one mode may use, with their minutes.

        A barrier that stops the mode ends the streets that meet at it; they stay usable up to
        it. Cars and cycles obey turn restrictions, and do not undo them by turning back: see
        `Profile.u_turn_minutes`. Points are tied to any street but motorways and ferries.

        Parameters
        ----------
        mode
            "walk", "cycle" or "drive".
        profile
            Speeds; by default `Profile()`.

        Raises
        ------
        InputError
            If the mode is unknown or may use no street here.
        """
        osm_tags.check_mode(mode)
        profile = profile or Profile()
        ways = [osm_tags.directions(tags, mode) for tags in self.kinds]
        parameters = profile.parameters(mode)
        if mode == "walk" and profile.step_free:
            steepest, on_foot = profile.steepest_percent, [any(way) for way in ways]
            parameters[NOTE] = step_free_note(self.kinds, self.kind, self.length, on_foot, steepest)
            ways = [
                osm_tags.NEITHER if is_step_free(tags, steepest) is False else way
                for tags, way in zip(self.kinds, ways, strict=True)
            ]
        may_use = np.array(ways)[self.kind]
        if not may_use.any():
            raise InputError([f"streets: there is none that people may {mode} on"])
        pace = [
            [
                profile.minutes_per_km(tags, mode, side) if may else np.inf
                for may, side in zip(way, osm_tags.SIDES, strict=True)
            ]
            for tags, way in zip(self.kinds, ways, strict=True)
        ]
        minutes = np.full(may_use.shape, np.inf)
        np.multiply(
            (self.length / 1000)[:, None], np.array(pace)[self.kind], out=minutes, where=may_use
        )
        if mode == "walk" and profile.slopes:
            gradient = self._gradients()
            minutes *= slope_factors(gradient, profile.slope_rate, profile.fastest_gradient)
            used = np.flatnonzero(may_use.any(axis=1))
            parameters[SLOPES_NOTE] = slopes_note(gradient, self.length, used, profile.slope_rate)
        graph = build_graph(
            self._cut_at_barriers(mode, mode == "walk" and profile.step_free),
            minutes,
            np.array([osm_tags.may_stop(tags) for tags in self.kinds])[self.kind],
            TurnRules(self._turns(mode), self._courses(mode), profile.u_turn_minutes),
            1000 * profile.least_part_km,
        )
        streets = Streets.build(graph, mode, profile)
        inside, usable = graph.inside, may_use.any(axis=1)
        lengths = {
            "km": round(float(self.length[usable & inside].sum()) / 1000, 1),
            "km_cut_off": round(float(self.length[usable & ~inside].sum()) / 1000, 1),
        }
        return replace(streets, report=streets.report | lengths, parameters=parameters)

    def _gradients(self) -> np.ndarray:
        """Return the gradient of each street as it was drawn, NaN = unknown."""
        ends = (self.heights[self.source], self.heights[self.target]) if len(self.heights) else None
        return gradients(self.kinds, self.kind, self.length, ends)

    def _turns(self, mode: str) -> ForbiddenTurns:
        """Return the turns that are forbidden to a mode, or that are the only ones allowed."""
        rule = self._turn_rules(mode)
        into, end, out, kind = self.turns[rule[self.turns[:, 3]] != ""].T
        via = np.where(end == 0, self.source[into], self.target[into])
        return ForbiddenTurns(into, via, out, rule[kind] == "only")

    def _courses(self, mode: str) -> list[MultiEdgeRestriction]:
        """Return the multi-edge restrictions of a mode."""
        rule = self._turn_rules(mode)
        rows = self.paths[rule[self.paths[:, 3]] != ""]
        ends = np.flatnonzero(np.diff(rows[:, 0])) + 1
        return [
            MultiEdgeRestriction(
                tuple((2 * path[:, 1] + path[:, 2]).tolist()), rule[path[0, 3]] == "only"
            )
            for path in np.split(rows, ends)
            if len(path)
        ]

    def _turn_rules(self, mode: str) -> np.ndarray:
        """Return the rule of each kind of turn restriction for a mode."""
        return np.array([turn_rule(tags, mode) for tags in self.turn_kinds], dtype="<U4")

    def _cut_at_barriers(self, mode: str, step_free: bool = False) -> Lines:
        """Return the streets as lines, with a separate node for each end at a barrier."""
        nodes = [
            node
            for node, tags in self.barriers.items()
            if stops(tags, mode) or (step_free and stops_wheelchair(tags))
        ]
        is_shut = np.zeros(len(self.xy), dtype=bool)
        is_shut[np.array(nodes, dtype=np.intp)] = True
        ends = np.concatenate([self.source, self.target])
        at = np.flatnonzero(is_shut[ends])
        xy = np.concatenate([self.xy, self.xy[ends[at]]])
        ends[at] = len(self.xy) + np.arange(len(at))
        source, target = np.split(ends, 2)
        return Lines(xy, source, target, self.bend_start, self.bends)
