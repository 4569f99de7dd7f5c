"""Division of a place: its parts, blocks, contact and minutes, and the solve of each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from nhcplanner import districting, travel
from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened, suggest
from nhcplanner.districting import block_search, divisions
from nhcplanner.districting.block_search import Block
from nhcplanner.districting.contact import Contact
from nhcplanner.domain.neighbourhoods import Bounds, Division
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers.england import store
from nhcplanner.workflow.division_minutes import (
    FARTHEST,
    dense_minutes,
    joined_minutes,
    with_cut_off,
)
from nhcplanner.workflow.progress import Progress, report_progress

BORDERS = ("district_code", "council_code")
"""Borders that no neighbourhood crosses by default: the first that the place has."""
COUNTED = ("district_code", "council_code", "icb_code")
"""Borders whose crossings are counted."""
MOST_AREAS = 4_000
"""Areas up to which minutes are measured across the borders of parts."""
BRIDGE_M = 1_000.0
"""Largest distance in metres between areas that a bridge may join, if there are streets."""
DETOUR = 3.0
"""Two areas do not count as neighbours if streets take more than this many times the minutes of the
estimate from one to the other: there is no crossing between them."""
NO_STREETS = (
    "Contact is a shared border. Minutes are not by street, so it is not known whether a river has "
    "a crossing; estuaries below the tidal limit part areas, even where a bridge crosses them"
)


def travelling(scenario: Scenario | None, bounds: Bounds) -> Scenario:
    """Return a scenario that measures by the mode of the bounds, as far as people may travel."""
    return (scenario or Scenario()).model_copy(
        update={"mode": bounds.mode, "modes": (), "horizon": FARTHEST}
    )


@dataclass(frozen=True, eq=False)
class Solved:
    """A part with its areas, its blocks, its minutes and its division."""

    inside: Ints
    block: Block
    minutes: sparse.coo_array
    found: divisions.PartDivision


class Ground:
    """Parts, blocks, contact and minutes of a place."""

    def __init__(self, place: Place, measure: travel.Measure) -> None:
        self.place, self.measure = place, measure
        areas = place.areas
        self.people: Floats = areas["people"].to_numpy(dtype=np.float64)
        self.points = _points(place)
        self.rural = travel.flag_rural_areas(place.areas)
        self.notes: tuple[str, ...] = place.year_notes
        self.part: Ints = np.zeros(len(areas), dtype=np.int64)
        self.names: list[str] = []
        self.block: Ints = np.arange(len(areas))
        self.contact = self.touching = sparse.csr_array((len(areas), len(areas)))
        self.frame = pd.DataFrame()

    @classmethod
    def of(
        cls, place: Place, scenario: Scenario, bounds: Bounds,
        keep_whole: pd.Series[str] | None, progress: Progress | None,
    ) -> Ground:  # fmt: skip
        """Compute contact, parts and blocks."""
        report_progress(progress, "Finding which areas touch")
        measure = travel.Measure(
            place, scenario, scenario.mode, lambda words: report_progress(progress, words)
        )
        ground = cls(place, measure)
        pairs = ground._contact()
        ground._parts(bounds, pairs)
        links = districting.link_pieces(pairs, place.areas, ground.part)
        ground.touching = pairs.matrix(len(place.areas))
        ground.contact = pairs.with_pairs(links).matrix(len(place.areas))
        if len(links.first):
            names = place.areas.get("area_name", place.areas["area_code"]).astype(str).to_numpy()
            pairs_of = [f"{names[a]} to {names[b]}" for a, b in
                        zip(links.first, links.second, strict=True)]  # fmt: skip
            ground.add_note(f"Linked over water or a gap, to make each part one piece: "
                         f"{shortened(pairs_of)}")  # fmt: skip
        ground._blocks(bounds, keep_whole)
        return ground

    def divide(self, inside: Ints, bounds: Bounds) -> Solved:
        """Divide one part by its blocks, or by its areas if blocks do not fit the bounds."""
        one = self._divide(inside, self.block[inside], bounds)
        people = float(self.people[inside].sum())
        whole = one.block.number < len(inside)
        if (
            whole
            and one.found.status == divisions.OUTSIDE
            and divisions.numbers_within(people, bounds)
        ):
            again = self._divide(inside, inside, bounds)
            if again.found.status != divisions.OUTSIDE:
                self.add_note(
                    f"{self.names[self.part[inside[0]]]}: blocks are split, because no division "
                    "of whole ones is within the bounds"
                )
                return again
        return one

    def _divide(self, inside: Ints, label: Ints, bounds: Bounds) -> Solved:
        contact = self.contact[inside][:, inside]
        _, code = np.unique(label, return_inverse=True)
        block = block_search.whole_blocks(code, self.people[inside], contact, bounds.most)
        middle = block_search.middles_of(block, self.people[inside], self.points[inside])
        minutes = self.minutes_to(inside, inside[middle])
        dense = dense_minutes(minutes, inside, inside[middle])
        made = districting.make_block(block, self.people[inside], dense, contact)
        return Solved(inside, made, minutes, districting.divide_part(made, bounds))

    def division(self, solved: Sequence[Solved], bounds: Bounds) -> Division:
        """Combine the parts into one division."""
        names = np.array([""] * len(self.people), dtype=object)
        rows = []
        for one in solved:
            found, people = one.found, float(self.people[one.inside].sum())
            names[one.inside] = self.names_of(one.inside, found.label[one.block.of_area])
            rows.append({
                "part": self.names[self.part[one.inside[0]]], "people": round(people),
                "neighbourhoods": len(np.unique(found.label)), "blocks": one.block.number,
                "minutes": found.value / people if people else np.nan,
                "bound": found.bound / people if people else np.nan, "status": found.status,
            })  # fmt: skip
        minutes = joined_minutes([one.minutes for one in solved], len(names))
        areas = self.frame.assign(neighbourhood=names.astype(str))
        table = pd.DataFrame(rows)
        notes = self.notes
        if (table["blocks"] > districting.NEAR).any():
            words = (
                "Proved: no division into whole blocks, each with its middle among the nearest "
                f"{districting.NEAR} to it, has fewer minutes"
            )
            notes = (*notes, words)
        made = footprints_of(areas, self.contact, minutes, bounds)
        title, year = self.place.title, self.place.year
        return Division(title, bounds, areas, self.contact, minutes, made, table, notes, year=year)

    def minutes_to(self, inside: Ints, points: Ints | None = None) -> sparse.coo_array:
        """Return minutes, area x area, to the points of some areas of a part.

        From all areas of the place, so that areas may be moved across borders; from those of the
        part alone if there are very many.

        Parameters
        ----------
        inside
            Rows of the part's areas.
        points
            Rows of the areas whose points are wanted; None = those of the part.
        """
        size = len(self.people)
        rows = np.arange(size) if size <= MOST_AREAS else inside
        points = inside if points is None else points
        rural = None if self.rural is None else self.rural[rows]
        times = self.measure.times(self.points[rows], self.points[points], rural)
        pairs = sparse.coo_array(times.minutes)
        data = (pairs.data, (rows[pairs.row], points[pairs.col]))
        known = sparse.coo_array(data, shape=(size, size))
        if not self.measure.on_streets:
            return known
        whole, cut = with_cut_off(self.measure, self.points, known, inside, points)
        if len(cut):
            codes = self.place.areas["area_code"].iloc[cut]
            words = f"{plural(len(cut), 'area')} cut off from the streets: minutes are an estimate"
            self.add_note(f"{words} from straight lines: {shortened(codes)}")
        return whole

    def names_of(self, inside: Ints, middle: Ints) -> list[str]:
        """Return the name of the part, with numbers from west to east if it has several."""
        part = self.names[self.part[inside[0]]]
        each = np.unique(middle)
        if len(each) == 1:
            return [part] * len(inside)
        order = []
        for one in each:
            mine = inside[middle == one]
            heads = np.maximum(self.people[mine], 1e-9)
            order.append(tuple(np.average(self.points[mine], axis=0, weights=heads)))
        rank_of = {
            each[row]: n for n, row in enumerate(sorted(range(len(each)), key=order.__getitem__), 1)
        }
        width = len(str(len(each)))
        return [f"{part} {rank_of[one]:0{width}d}" for one in middle]

    def add_note(self, words: str) -> None:
        """Add a sentence to the notes, once."""
        self.notes = tuple(dict.fromkeys((*self.notes, words)))

    def _contact(self) -> Contact:
        """Return which areas touch; by streets, also whether there is a way across."""
        areas = self.place.areas
        pairs = districting.find_contacts(areas)
        if not set(areas.geom_type) <= {"Polygon", "MultiPolygon"}:
            self.add_note("Areas are points: contact is that of their Delaunay triangulation")
        if not self.measure.on_streets or self.measure.mode == "transit":
            self.add_note(NO_STREETS)
            return pairs
        return self._crossed(pairs)

    def _crossed(self, pairs: Contact) -> Contact:
        """Return contact with a way by street, and areas that a bridge joins."""
        shapes = self.place.areas.geometry.to_numpy()
        tree = shapely.STRtree(shapes)
        first, second = tree.query(shapes, predicate="dwithin", distance=BRIDGE_M)
        once = first < second
        size = len(shapes)
        keys = np.setdiff1d(first[once] * size + second[once], pairs.first * size + pairs.second)
        near = Contact(keys // size, keys % size, np.zeros(len(keys)))
        slow, gap_slow = self._is_slow(pairs), self._is_slow(near)
        bridges = near.without(gap_slow | ~districting.crosses_no_area(near, shapes))
        self.add_note(
            f"Contact by streets: {plural(int(slow.sum()), 'shared border')} without a crossing "
            f"left out, {plural(len(bridges.first), 'bridge')} over a gap of at most "
            f"{BRIDGE_M:,.0f} m added (streets take at most {DETOUR:g} times the estimate)"
        )
        return pairs.without(slow).with_pairs(bridges)

    def _is_slow(self, pairs: Contact) -> np.ndarray:
        """Flag pairs between which streets take far longer than the estimate."""
        if not len(pairs.first):
            return np.zeros(0, dtype=bool)
        ends = np.unique(np.r_[pairs.first, pairs.second])
        found = self.measure.times(self.points[ends], self.points[ends]).minutes
        far = np.hypot(*(self.points[pairs.first] - self.points[pairs.second]).T)
        guess = travel.estimate(
            np.zeros((1, 2)), np.column_stack([far, np.zeros(len(far))]), self.measure.mode,
            1e6, None, self.measure.profile,
        )  # fmt: skip
        at = np.searchsorted(ends, pairs.first), np.searchsorted(ends, pairs.second)
        between = dense_minutes(sparse.coo_array(found), np.arange(len(ends)), np.arange(len(ends)))
        minutes = between[at]
        return minutes > DETOUR * guess.minutes.toarray().ravel()

    def _parts(self, bounds: Bounds, pairs: Contact) -> None:
        """Number the parts, after joining small parts to the neighbour with the longest border."""
        areas = self.place.areas
        columns = bounds.within or next(((one,) for one in BORDERS if _is_known(areas, one)), ())
        lost = [one for one in columns if not _is_known(areas, one)]
        if lost:
            able = [str(one) for one in areas.columns if one != "geometry"]
            raise InputError([
                Fault(f"the areas of {self.place.name} have no column '{one}' with text in each",
                      "--within", hint=suggest(one, able))
                for one in lost
            ])  # fmt: skip
        if not columns:
            self.add_note("No borders hold: the place knows neither councils nor districts")
        labels = areas[list(columns)].astype(str).agg(" / ".join, axis=1) if columns else None
        if labels is None:
            labels = pd.Series(self.place.name, index=areas.index)
        part_names = labels.map(_names(areas, columns, labels))
        part, words = labels.to_numpy(dtype=object), []
        while bounds.join_small:
            people = pd.Series(self.people).groupby(part).sum().sort_values(kind="stable")
            small = [one for one in people.index if people[one] < bounds.least]
            joined = next(((one, to) for one in small if (to := _longest(one, part, pairs))), None)
            if joined is None:
                break
            words.append(f"{joined[0]} to {joined[1]}")
            part[part == joined[0]] = joined[1]
        names = dict(zip(labels, part_names, strict=True))
        if words:
            moves = [" to ".join(names[code] for code in one.split(" to ")) for one in words]
            self.add_note(f"Joined, with fewer than {bounds.least:,.0f} people: {shortened(moves)}")
        order, self.part = np.unique(part.astype(str), return_inverse=True)
        self.names = [_joined_name(one, labels, part, names) for one in order]

    def _blocks(self, bounds: Bounds, keep_whole: pd.Series[str] | None) -> None:
        areas = self.place.areas
        codes = areas["area_code"]
        if keep_whole is not None:
            block_labels = codes.map(keep_whole).where(lambda one: one.notna(), codes)
            bare = int(codes.map(keep_whole).isna().sum())
            if bare:
                self.add_note(f"{plural(bare, 'area')} with no group to keep whole stand alone")
        elif bounds.blocks == "msoa":
            block_labels = codes.map(_msoas(codes)).where(lambda one: one.notna(), codes)
            bare = int((block_labels == codes).sum())
            if bare:
                self.add_note(f"{plural(bare, 'area')} of no known middle-layer area (MSOA) are "
                           "blocks by themselves")  # fmt: skip
        else:
            block_labels = codes
        self.block = pd.factorize(block_labels)[0].astype(np.int64)
        about = {name: areas[name] for name in (*COUNTED, "area_name") if name in areas}
        self.frame = pd.DataFrame({
            "area_code": codes, "people": areas["people"], **about,
            "part": [self.names[one] for one in self.part], "block": block_labels.to_numpy(),
        })  # fmt: skip


def _points(place: Place) -> Floats:
    """Return where the people of each area are: the mean of its origins, at one of them."""
    xy = shapely.get_coordinates(place.origins.geometry)
    frame = pd.DataFrame({"area": place.area_of_origin, "x": xy[:, 0], "y": xy[:, 1]})
    heads = place.origins["people"].to_numpy(dtype=np.float64) + 1e-6
    weighted = frame[["x", "y"]].mul(heads, axis=0).groupby(frame["area"]).sum()
    mean = weighted.div(pd.Series(heads).groupby(frame["area"]).sum(), axis=0)
    away = np.hypot(*(frame[["x", "y"]].to_numpy() - mean.loc[frame["area"]].to_numpy()).T)
    first = frame.assign(away=away).sort_values(["area", "away"], kind="stable")
    nearest = first.drop_duplicates("area").set_index("area")
    inside = shapely.get_coordinates(shapely.point_on_surface(place.areas.geometry.to_numpy()))
    inside[nearest.index.to_numpy()] = nearest[["x", "y"]].to_numpy()
    return inside


def _is_known(areas: pd.DataFrame, column: str) -> bool:
    return column in areas and bool(areas[column].notna().all())


def _names(areas: pd.DataFrame, columns: tuple[str, ...], labels: pd.Series) -> dict[str, str]:
    """Return a name for each label, from the name column beside a column of codes."""
    named = [
        one.replace("_code", "_name") if _is_known(areas, one.replace("_code", "_name")) else one
        for one in columns
    ]
    if not named:
        return {str(label): str(label) for label in labels.unique()}
    words = areas[named].astype(str).agg(", ".join, axis=1)
    found = dict(zip(labels, words, strict=True))
    same = pd.Series(found).duplicated(keep=False)
    return {key: f"{name} ({key})" if same[key] else name for key, name in found.items()}


def _longest(part: object, labels: np.ndarray, pairs: Contact) -> object:
    """Return the part with which a part shares the longest border; None if none."""
    first, second = labels[pairs.first], labels[pairs.second]
    mine = (first == part) != (second == part)
    other = np.where(first[mine] == part, second[mine], first[mine])
    if not len(other):
        return None
    return pd.Series(pairs.metres[mine]).groupby(other).sum().idxmax()


def _joined_name(one: str, labels: pd.Series, part: np.ndarray, names: dict[str, str]) -> str:
    mine = labels[part.astype(str) == one]
    heads = [names[code] for code in dict.fromkeys([one, *sorted(mine.unique())]) if code in names]
    return " and ".join(heads)


def _msoas(codes: pd.Series[str]) -> pd.Series[str]:
    """Return the middle-layer area of each area of 2021 in England, by code."""
    if not codes.str.startswith("E01").any():
        return pd.Series(dtype="str")
    table = store.layer("areas", ["area_code", "msoa_code"])
    return table[table["area_code"].isin(codes)].set_index("area_code")["msoa_code"]


def footprints_of(
    areas: pd.DataFrame, contact: sparse.csr_array, minutes: sparse.csr_array, bounds: Bounds
) -> pd.DataFrame:
    """Return the table of footprints, with the borders crossed that the areas know."""
    borders = [name for name in COUNTED if name in areas]
    return districting.footprints(areas, contact, minutes, bounds, borders)
