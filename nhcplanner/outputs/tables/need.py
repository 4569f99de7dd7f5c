"""Need: measures of the areas and their people, as colours, tables and words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhcplanner.base.lazy import cache_by_identity
from nhcplanner.base.text import plural
from nhcplanner.domain.columns import AREAS
from nhcplanner.domain.need_measures import BASES
from nhcplanner.domain.place import Place
from nhcplanner.outputs.maps.shading import Scale, Shading, by_value, by_word
from nhcplanner.outputs.sanitise import isolated

Values = Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class NeedMeasure:
    """Measure that areas can be coloured by.

    Parameters
    ----------
    name, title
        Short name, and title for readers.
    meaning
        Explanation for readers, in a sentence or two.
    columns
        Columns of the areas that the measure is made from.
    values
        Function that returns a figure (without a scale a word) for each area.
    scale
        Format and colours of the figures; None for words.
    """

    name: str
    title: str
    meaning: str
    columns: tuple[str, ...]
    values: Values
    scale: Scale | None = None

    def known(self, place: Place) -> bool:
        """Whether any area of the place has a value."""
        areas = place.areas
        return set(self.columns) <= set(areas) and bool(self.values(areas).notna().any())

    def shading(self, place: Place) -> Shading:
        """Return the areas in the colours of the measure."""
        values = self.values(place.areas)
        if self.scale is None:
            return by_word(self.name, self.title, values)
        return by_value(self.name, self.title, values, self.scale)

    def written(self, place: Place) -> list[str]:
        """Return the figure of each area as text; "no figure" if it has none."""
        values = self.values(place.areas)
        return ["no figure" if pd.isna(one) else self._text(one) for one in values]

    def _text(self, value: float | str) -> str:
        return str(value) if self.scale is None else self.scale.text(float(value))


def _column(name: str) -> Values:
    return lambda areas: areas[name]


def _share_aged_65(areas: pd.DataFrame) -> pd.Series:
    old = areas["people_65_84"] + areas["people_85_plus"]
    return old / areas["people"].where(areas["people"] > 0)


PERCENT = Scale("%", times=100)
SHARE = "share"
"""Unit of columns from 0 to 1, which are shown in per cent."""

MEASURES = (
    NeedMeasure(
        "hle", "Healthy life expectancy (HLE)",
        "Years that a person born today can expect to live in good health: the mean of men and "
        "women. It is published for councils only; for an area it is modelled from its council's "
        "figure.",
        ("hle",), _column("hle"), Scale("years", 1, low_is_dark=True),
    ),
    NeedMeasure(
        "lowest_band", "Probability of lowest HLE",
        "Probability that an area belongs to the fifth of the place's people with the lowest HLE. "
        "HLE of areas is modelled, so bands are uncertain: an area near the edge of band 1 has a "
        "probability of about 50%.",
        ("lowest_band_probability",), _column("lowest_band_probability"), PERCENT,
    ),
    NeedMeasure(
        "imd", "Deprivation (IMD decile)",
        "National tenths of the Index of Multiple Deprivation: 1 is the most deprived tenth, "
        "10 the least.",
        ("imd_decile",), _column("imd_decile"),
        Scale(low_is_dark=True, edges=(2, 4, 6, 8), whole=True),
    ),
    NeedMeasure(
        "people", "People",
        "Usual residents of each area. Areas have similar numbers of people, so a large area on "
        "the map is thinly populated.",
        ("people",), _column("people"), Scale("people"),
    ),
    NeedMeasure(
        "aged_65", "Aged 65 and over",
        "Share of residents aged 65 and over.",
        ("people_65_84", "people_85_plus"), _share_aged_65, PERCENT,
    ),
    NeedMeasure(
        "no_car", "Households without a car",
        "Share of households with no car or van. Their people walk, cycle or take the bus.",
        ("no_car_share",), _column("no_car_share"), PERCENT,
    ),
    NeedMeasure(
        "disabled", "Disabled people",
        "Share of residents disabled under the Equality Act.",
        ("disabled_share",), _column("disabled_share"), PERCENT,
    ),
    NeedMeasure(
        "rural", "Rural or urban", "The official rural-urban class of each area.",
        ("rural_urban",), _column("rural_urban"),
    ),
)  # fmt: skip


def measures(place: Place) -> dict[str, NeedMeasure]:
    """Return the measures that a place has, by name."""
    return {one.name: one for one in MEASURES if one.known(place)}


def lacking(place: Place) -> list[str]:
    """Return the titles of measures that no area of the place has."""
    return [one.title for one in MEASURES if not one.known(place)]


def tips(place: Place, measure: NeedMeasure) -> Callable[[int], str]:
    """Return a function that describes an area as plain text: its name, then facts.

    It is the same function for the same place and measure, so that maps ask it once.
    """
    known = _tips_of(place)
    if measure not in known:
        known[measure] = _tip(place, measure)
    tip: Callable[[int], str] = known[measure]
    return tip


@cache_by_identity
def _tips_of(place: Place) -> dict[NeedMeasure, Callable[[int], str]]:  # noqa: ARG001
    """Return the functions that describe areas of a place, by measure."""
    return {}


def _tip(place: Place, measure: NeedMeasure) -> Callable[[int], str]:
    names, people = [*map(isolated, labels(place))], place.areas["people"].tolist()
    figures, more = measure.written(place), _about_hle(place) if measure.name == "hle" else None

    def tip(row: int) -> str:
        words = f"{names[row]}\n{measure.title}: {figures[row]}"
        if more is not None:
            words += f"\n{more[row]}"
        return words if measure.name == "people" else f"{words}\n{people[row]:,} people"

    return tip


def _about_hle(place: Place) -> list[str]:
    """Return the interval and the basis of each area's HLE."""
    intervals = _intervals(place)
    basis = place.areas.get("hle_basis", pd.Series("", index=intervals.index)).replace(BASES)
    return [f"{low_high} ({words})" for low_high, words in zip(intervals, basis, strict=True)]


def labels(place: Place) -> pd.Series:
    """Return the name of each area, or its code if it has none."""
    areas = place.areas
    names: pd.Series = areas.get("area_name", areas["area_code"])
    return names.fillna(areas["area_code"])


def table(place: Place) -> pd.DataFrame:
    """Return the areas with all columns about people, under the headings of the schema."""
    columns_in_place = [c for c in AREAS if c.kind != "geometry" and c.name in place.areas]
    # codes last
    columns_in_place.sort(key=lambda c: c.name.endswith("_code") and c.name != "area_code")
    frame = pd.DataFrame({column.label: place.areas[column.name] for column in columns_in_place})
    return frame.dropna(axis=1, how="all")


def facts(place: Place, row: int) -> pd.DataFrame:
    """Return the facts about one area, each with its unit and its usual source.

    Facts of an invented place have no source.
    """
    area = place.areas.iloc[row]
    rows = [
        {
            "Fact": one.label,
            "Value": _value(area[one.name], one.unit),
            "Unit": "%" if one.unit == SHARE else one.unit,
            "Usual source": "Invented" if place.synthetic else one.source,
        }
        for one in AREAS
        if one.kind != "geometry" and one.name in area.index and pd.notna(area[one.name])
    ]
    return pd.DataFrame(rows)


def by_year(years: pd.DataFrame, code: str = "all") -> pd.DataFrame:
    """Return people by year of the whole place or of one unit, a column for each age.

    Parameters
    ----------
    years
        The table `years` of the evidence.
    code
        Code of a projected unit; "all" = the whole place.

    Returns
    -------
    DataFrame
        Index "Year"; "Basis", then whole people by age, all ages first.
    """
    some = years[years["code"] == code]
    ages = list(dict.fromkeys(some["age"]))
    wide = some.pivot_table("people", ["year", "basis"], "age", sort=False)[ages]
    whole = wide.round(0).astype("Int64").reset_index("basis")
    named = whole.rename(columns={"basis": "Basis", **{age: age.capitalize() for age in ages}})
    named.columns.name = None
    return named.rename_axis("Year")


def units() -> dict[str, str]:
    """Return the unit of each column of `table`, by its heading."""
    return {one.label: one.unit for one in AREAS}


def summary(place: Place, measure: NeedMeasure) -> str:
    """Describe the map for readers who do not see it.

    The sentences state the range, the median by people, and the area with the extreme.
    """
    values = measure.values(place.areas)
    missing = int(values.isna().sum())
    have = "has" if missing == 1 else "have"
    more = f" {plural(missing, 'area')} {have} no figure." if missing else ""
    if measure.scale is None:
        heads = place.areas["people"].groupby(values).sum().sort_values(ascending=False)
        parts = [f"{name}: {people / heads.sum():.0%}" for name, people in heads.items()]
        return f"Share of people. {'; '.join(parts)}.{more}"
    known = values.dropna().astype("float64")
    names = labels(place)[known.index].tolist()
    lowest, highest = (int(place) for place in (known.argmin(), known.argmax()))
    write = measure.scale.text
    return (
        f"From {write(known.min())} ({names[lowest]}) to {write(known.max())} "
        f"({names[highest]}). Half of the people live in areas with "
        f"{write(_middle(known, place.areas['people'][known.index]))} or less.{more}"
    )


def _middle(values: pd.Series, people: pd.Series) -> float:
    """Return the median of a figure, with areas weighted by people."""
    order = values.sort_values().index
    reached = people[order].cumsum().to_numpy()
    return float(values[order].iloc[int(np.searchsorted(reached, reached[-1] / 2))])


def _intervals(place: Place) -> pd.Series:
    areas = place.areas
    if not {"hle_low", "hle_high"} <= set(areas):
        return pd.Series("no interval is known", index=areas.index)
    low, high = areas["hle_low"], areas["hle_high"]
    words = [f"95% interval {a:.1f} to {b:.1f}" for a, b in zip(low, high, strict=True)]
    return pd.Series(words, index=areas.index).where(low.notna(), "no interval is known")


def _value(value: object, unit: str) -> str:
    if isinstance(value, float | np.floating):
        if unit == SHARE:
            return f"{100 * value:.1f}"
        return f"{value:,.1f}" if unit == "years" else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int | np.integer) else str(value)
