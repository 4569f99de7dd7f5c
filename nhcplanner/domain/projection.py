"""Population projections of a place, applied by age to its areas, and new homes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened

Housing = Literal["within", "on_top", "left_out"]
Floats = npt.NDArray[np.float64]
AGES = {
    "people_0_15": "0 to 15",
    "people_16_64": "16 to 64",
    "people_65_84": "65 to 84",
    "people_85_plus": "85 and over",
}
"""Columns of people by age, and the ages in words."""
ALL = "people"
"""Age of the rows of a projection for people of all ages."""
CODE = "projection_code"
"""Column of the areas: the sub-ICB location or council whose projection is applied."""
KEYS = ("code", "name", "age", "basis", "areas")
HOMES = ("name", "area_code", "homes", "year", "people_per_home", "easting", "northing")
"""Columns of a projection before its years, and columns of new homes."""


def _no_homes() -> pd.DataFrame:
    return pd.DataFrame(columns=list(HOMES))


@dataclass(frozen=True, eq=False)
class Projection:
    """People of each projected unit by age and year, and what they are divided by.

    A unit is a sub-ICB location or a council. The people of an area in a year are its own people
    of each age, times the people of its unit of that age in the year over `basis`.

    Parameters
    ----------
    title
        What was published.
    kind
        Its base, such as "2022-based".
    base_year
        Year of the people of the place's areas.
    by_age
        Whether each age grows by itself. Otherwise the areas hold no people by age, and all grow
        with the people of all ages.
    table
        A row for each unit and age (`AGES` and `ALL`): `code`, `name`, `age`, `basis` (people),
        `areas` (number of areas in the whole unit; 0 = unknown), and a column of people for each
        year ("2022"). `basis` is the people of all areas of the unit where these are known, so
        that areas sum to the projection; otherwise the projection of `base_year`.
    homes
        New homes: `name`, `area_code`, `homes`, `year` of completion, `people_per_home`,
        `easting`, `northing` (metres).
    """

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid"}

    title: str
    kind: str
    base_year: int
    by_age: bool
    table: pd.DataFrame
    homes: pd.DataFrame = field(default_factory=_no_homes)

    @property
    def years(self) -> tuple[int, ...]:
        """Years of the projection, ascending."""
        return tuple(sorted(int(str(name)) for name in self.table if str(name).isdigit()))

    @property
    def ages(self) -> tuple[str, ...]:
        """Columns of the areas that are projected one by one, or only `people`."""
        return tuple(AGES) if self.by_age else (ALL,)

    def units(self) -> pd.DataFrame:
        """Return a row for each unit: index `code`; `name`, `areas`."""
        return self.table.drop_duplicates("code").set_index("code")[["name", "areas"]]

    def published(self, year: int) -> pd.DataFrame:
        """Return the projection of a year: index `code`, a column for each age and `people`."""
        return self.table.pivot_table(str(year), "code", "age")

    def check_year(self, year: int) -> None:
        """Raise InputError for a year that is not projected."""
        if year in self.years:
            return
        words = f"year {year} is not in the projection, which covers {self.years[0]} to "
        words += str(self.years[-1])
        raise InputError([Fault(words, "scenario", column="year", hint="Choose one of its years")])

    def trend(self, areas: pd.DataFrame, year: int) -> pd.DataFrame:
        """Return people of a year by area before new homes are placed.

        Parameters
        ----------
        areas
            With `projection_code`, `people` and, if `by_age`, people by age.
        year
            One of `years`.

        Returns
        -------
        DataFrame
            On the index of the areas: `people` and each known age, not rounded. Areas without a
            projection keep their people.
        """
        keys = self.table.set_index(["code", "age"])
        basis = keys["basis"].astype("float64")
        ratio = (keys[str(year)] / basis.where(basis > 0)).rename("ratio").reset_index()
        ratio = ratio.pivot_table("ratio", "code", "age")
        mine = ratio.reindex(areas[CODE].to_numpy()).set_axis(areas.index)
        known = mine[ALL].notna()
        found = {}
        for age in AGES:
            if age in areas and age in mine:
                grown = areas[age] * mine[age].fillna(1.0)
                found[age] = grown.where(known, areas[age])
        own = areas[ALL].astype("float64")
        total = own * mine[ALL]
        if self.by_age:
            before = areas[list(AGES)].sum(axis=1).to_numpy(dtype=np.float64)
            after = pd.DataFrame(found)[list(AGES)].sum(axis=1)
            total = own * (after / np.where(before > 0, before, 1.0))
        people = total.where(known, own)
        for code in self.whole_units(areas):
            here = (areas[CODE] == code).to_numpy()
            sum_of_areas = float(people[here].sum())
            if sum_of_areas > 0:
                total_of_unit = self.published(year)[ALL].astype("float64")[code]
                people[here] = people[here] * (total_of_unit / sum_of_areas)
        return pd.DataFrame({ALL: people, **found}, index=areas.index)

    def whole_units(self, areas: pd.DataFrame) -> list[str]:
        """Return the codes of the units all of whose areas are among some areas."""
        units = self.units()
        here = areas[CODE].value_counts().reindex(units.index).fillna(0)
        return [str(code) for code in units.index[(units["areas"] > 0) & (here == units["areas"])]]

    def opened_homes(self, areas: pd.DataFrame, year: int) -> pd.DataFrame:
        """Return the new homes completed after the base year and by a year.

        Returns
        -------
        DataFrame
            Columns of `homes`, `people`, and `row`: the position of their area in `areas`.
        """
        years = self.homes["year"].astype("float64")
        some = self.homes[(years > self.base_year) & (years <= year)]
        people = (some["homes"] * some["people_per_home"]).astype("float64")
        rows = pd.Series(np.arange(len(areas)), index=areas["area_code"])
        return some.assign(people=people, row=rows.reindex(some["area_code"]).to_numpy())

    def people_in(
        self, areas: pd.DataFrame, year: int, housing: Housing = "within"
    ) -> pd.DataFrame:
        """Return people of a year by area and age, with new homes where they lie.

        Parameters
        ----------
        areas, year
            As in `trend`.
        housing
            "within": people of new homes are part of the projection's growth, so all areas of the
            unit give up an equal share of their people for them. "on_top": they are added to the
            projection. "left_out": no homes are placed.

        Returns
        -------
        DataFrame
            On the index of the areas: `people`, whole, which sum to the rounded total of each
            unit (largest remainder); each known age, not rounded; and `of_homes`, the people in
            new homes.

        Raises
        ------
        InputError
            For a year that is not projected, and for more people in new homes than the
            projection has in the unit.
        """
        self.check_year(year)
        found = self.trend(areas, year)
        ages = [age for age in map(str, found) if age != ALL]
        codes = areas[CODE].where(areas[CODE].isin(self.table["code"]), "").to_numpy(dtype=object)
        homes = self.opened_homes(areas, year)
        moved = np.zeros(len(areas))
        if housing != "left_out":
            np.add.at(moved, homes["row"].to_numpy(dtype=np.intp), homes["people"].to_numpy())
        for code in sorted(set(codes[moved > 0])):
            here = codes == code
            if code or housing == "on_top":
                self._place(found, ages, here, moved, housing, code)
        if housing == "within":
            moved[codes == ""] = 0.0
        for code in sorted(set(codes) - {""}):
            here = codes == code
            found.loc[here, ALL] = whole(found.loc[here, ALL].to_numpy(dtype=np.float64))
        here = codes == ""
        found.loc[here, ALL] = np.floor(found.loc[here, ALL].to_numpy(dtype=np.float64) + 0.5)
        return found.assign(people=found[ALL].astype("int64"), of_homes=moved)

    def _place(
        self,
        found: pd.DataFrame,
        ages: list[str],
        here: npt.NDArray[np.bool_],
        moved: Floats,
        housing: Housing,
        code: str,
    ) -> None:
        """Place the people of new homes in the areas of one unit; they have its mix of ages."""
        total = float(found.loc[here, ALL].sum())
        new = float(moved[here].sum())
        if housing == "within" and new > total:
            words = (
                f"new homes hold {new:,.0f} people, but the projection has {total:,.0f} in the "
                f"areas of {self.units()['name'].get(code, code)}"
            )
            hint = "Check homes and people a home, or set housing=on_top"
            raise InputError([Fault(words, "housing", hint=hint)])
        keep = 1 - new / total if housing == "within" and total else 1.0
        for name in (ALL, *ages):
            mix = float(found.loc[here, name].sum()) / total if total else float(name == ALL)
            found.loc[here, name] = found.loc[here, name] * keep + moved[here] * mix

    def start_in(
        self,
        own: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame],
        people: pd.DataFrame,
        year: int,
    ) -> gpd.GeoDataFrame:
        """Return the starting points with people of a year.

        Parameters
        ----------
        own
            Areas and starting points with the place's own people.
        people
            From `people_in`.
        year
            Its year.

        Returns
        -------
        GeoDataFrame
            Each area's people in proportion to its own starting points, but people of new homes
            at the starting point nearest to their homes. They sum to each area's people.
        """
        areas, origins = own
        rows = pd.Series(np.arange(len(areas)), index=areas["area_code"])
        area = rows.loc[origins["area_code"]].to_numpy(dtype=np.intp)
        before = origins["people"].to_numpy(dtype=np.float64)
        sums = np.bincount(area, weights=before, minlength=len(areas))
        count = np.bincount(area, minlength=len(areas))
        share = np.where(sums[area] > 0, before / np.maximum(sums[area], 1e-12), 1 / count[area])
        total = people[ALL].to_numpy(dtype=np.float64)
        moved = np.minimum(people["of_homes"].to_numpy(dtype=np.float64), total)
        found = share * (total - moved)[area]
        homes = self.opened_homes(areas, year)
        x, y = origins.geometry.x.to_numpy(), origins.geometry.y.to_numpy()
        sent = np.bincount(
            homes["row"].to_numpy(dtype=np.intp), homes["people"], minlength=len(areas)
        )
        for home in homes.to_dict("records"):
            row = int(home["row"])
            points = np.flatnonzero(area == row)
            if not moved[row] or not len(points):
                continue
            metres = np.hypot(x[points] - home["easting"], y[points] - home["northing"])
            nearest = points[int(np.argmin(metres))]
            found[nearest] += moved[row] * home["people"] / sent[row]
        return gpd.GeoDataFrame(origins.assign(people=found))

    def words(
        self, own: pd.DataFrame, now: pd.DataFrame, year: int, housing: Housing = "within"
    ) -> tuple[str, ...]:
        """Return what a reader must know of people of a year, in sentences.

        Parameters
        ----------
        own, now
            The areas with the place's own people, and with those of the year.
        year, housing
            As in `people_in`.
        """
        before, after = int(own[ALL].sum()), int(now[ALL].sum())
        words = (
            f"People are those of {year}, a projection ({self.kind}): {after:,} instead of "
            f"{before:,} in {self.base_year} ({_change(before, after)})"
        )
        if self.by_age:
            words += "; " + ", ".join(
                f"aged {AGES[age]} {_change(float(own[age].sum()), float(now[age].sum()))}"
                for age in AGES
            )
        has_more = housing == "on_top" and len(self.opened_homes(own, year)) > 0
        sentences = [words, *self._coverage(own, has_more)]
        without = own.loc[~own[CODE].isin(self.table["code"]), "area_code"]
        if len(without):
            sentences.append(
                f"{plural(len(without), 'area')} without a projection: their people stay those of "
                f"{self.base_year}: {shortened(without, 5)}"
            )
        return (*sentences, *self._homes_in_words(own, year, housing))

    def _coverage(self, areas: pd.DataFrame, has_more: bool) -> list[str]:
        """Say which units are whole, so that their people agree with the projection."""
        units = self.units()
        here = areas[CODE].value_counts().reindex(units.index).fillna(0).astype("int64")
        sentences = []
        whole_units = self.whole_units(areas)
        if whole_units:
            names = shortened(units.loc[whole_units, "name"], 5)
            more = ", before people of new homes are added" if has_more else ""
            sentences.append(f"Totals agree with the projection to a person in {names}{more}")
        for code in units.index[(here > 0) & ~units.index.isin(whole_units)]:
            name, most = units.loc[code, "name"], int(units.loc[code, "areas"])
            part = f"{here[code]:,} of the {most:,} areas" if most else "An unknown part"
            verb = "are" if most and here[code] != 1 else "is"
            sentences.append(
                f"{part} of {name} {verb} in the place: its growth is applied, and its total is "
                "not compared"
            )
        return sentences

    def _homes_in_words(self, areas: pd.DataFrame, year: int, housing: Housing) -> list[str]:
        if self.homes.empty:
            return []
        homes = self.opened_homes(areas, year)
        early = int((self.homes["year"].astype("float64") <= self.base_year).sum())
        late = len(self.homes) - len(homes) - early
        how = {
            "within": "placed within the projection's total, so that other areas have fewer",
            "on_top": "added to the projection's total",
            "left_out": "not counted, because housing=left_out",
        }[housing]
        sentences = [
            (
                f"{plural(len(homes), 'housing site')} completed by {year}: "
                f"{homes['homes'].sum():,.0f} homes with {homes['people'].sum():,.0f} people, {how}"
            )
        ]
        lost = homes["row"].isin(np.flatnonzero(~areas[CODE].isin(self.table["code"])))
        if housing == "within" and lost.any():
            sentences.append(
                f"{plural(int(lost.sum()), 'housing site')} in areas without a projection not "
                "counted: there is no total that they are part of"
            )
        if early:
            sentences.append(
                f"{plural(early, 'housing site')} completed by {self.base_year} not counted: "
                "their people are among those of the areas"
            )
        if late:
            sentences.append(f"{plural(late, 'housing site')} completed after {year} not counted")
        return sentences


def whole(people: Floats) -> Floats:
    """Round people to whole numbers that sum to the rounded total, largest remainders first.

    Parameters
    ----------
    people
        0 or more each. Of equal remainders the first is rounded up.

    Examples
    --------
    >>> whole(np.array([1.4, 1.4, 1.2])).tolist()
    [2.0, 1.0, 1.0]
    """
    floor = np.floor(people + 1e-9)
    more = int(np.floor(people.sum() + 0.5 + 1e-9) - floor.sum())
    order = np.argsort(-(people - floor), kind="stable")
    floor[order[:more]] += 1
    return np.asarray(floor, dtype=np.float64)


def _change(before: float, after: float) -> str:
    return f"{after / before - 1:+.1%}" if before else f"{after:,.0f} people"
