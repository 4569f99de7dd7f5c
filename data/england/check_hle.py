"""Print how well the small-area model of HLE does where a region was held out, and what it changes.

    python data/england/check_hle.py

Beside it stands the model before: national steps by decile of deprivation. Reads the layers and
hle_model.toml beside this file.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from fit_data import Truth, load
from fit_pattern import held_out
from fit_variance import council_index, councils, residual_by_size, smith
from reading import HERE
from scipy.stats import spearmanr

from nhcplanner.access.need import bands
from nhcplanner.domain.need_measures import DEVIATIONS
from nhcplanner.layers.england.store import national
from nhcplanner.layers.health import modelled
from nhcplanner.layers.health.small_area_model import (
    PERIOD,
    SEXES,
    levels,
    lowest_band_probability,
    read_model,
)

FEWEST = 10
"""Middle layer areas that a council needs for its rank correlation to count."""

RUNS = 20


def main() -> None:
    """Print every table."""
    model = read_model(HERE / "hle_model.toml")
    truth = load()
    number = len(model["covariates"])
    _, made = held_out(truth, number)
    new = {sex: made[sex][number - 1] for sex in truth.sexes}
    old = decile_steps(truth)
    for name, pattern in (("decile steps (before)", old), ("eight covariates", new)):
        print(f"\n{name}, regions held out, within councils")
        print(pattern_table(truth, pattern).round(3).to_string())
    for name, pattern, level in (
        ("decile steps, published level", old, "published"),
        ("eight covariates, published level", new, "published"),
        ("eight covariates, smoothed level", new, "smoothed"),
    ):
        print(f"\ncover of 95 % intervals, {name}")
        print(cover_table(truth, pattern, model, level).round(3).to_string())
    for sex in truth.sexes:
        left = truth.groups.centred(truth.hle[sex]) - new[sex]
        by_size = residual_by_size(truth, left, truth.sampling[sex], (1, 2, 4, 8, 16))
        guess = by_size[4] * 4 ** smith(by_size, (4, 8, 16))
        print(f"\n{sex}: residual SD by MSOAs in a group", end=" ")
        print({size: round(float(np.sqrt(value)), 2) for size, value in by_size.items()})
        print(f"one MSOA foretold from groups of 4 to 16: {np.sqrt(guess):.2f}")
    print_changes(truth)


def decile_steps(truth: Truth) -> dict[str, np.ndarray]:
    """Departures from the council by national HLE of each area's decile of IMD 2025."""
    areas = truth.areas
    steps = modelled.gradient().loc[areas["imd_decile"], list(SEXES.values())].to_numpy()
    people = areas["people"].to_numpy()[:, None]
    total = pd.DataFrame(steps * people, index=areas["msoa11_code"]).groupby(level=0).sum()
    amount = areas.groupby("msoa11_code")["people"].sum()
    mean = total.div(amount, axis=0).loc[truth.covariates.index].to_numpy()
    return {sex: truth.groups.centred(mean[:, i]) for i, sex in enumerate(truth.sexes)}


def pattern_table(truth: Truth, pattern: dict[str, np.ndarray]) -> pd.DataFrame:
    """Mean rank correlation within councils and error, by region."""
    of, region = truth.groups.of, truth.region
    rows: dict[str, dict[str, float]] = {}
    for sex in truth.sexes:
        target = truth.groups.centred(truth.hle[sex])
        ranks = {
            council: spearmanr(target[of == council], pattern[sex][of == council])[0]
            for council in range(of.max() + 1)
            if (of == council).sum() >= FEWEST
        }
        for name in [*np.unique(region), "all"]:
            here = np.ones(len(of), bool) if name == "all" else region == name
            inside = [ranks[council] for council in np.unique(of[here]) if council in ranks]
            error = np.average((target - pattern[sex])[here] ** 2, weights=truth.people[here])
            row = rows.setdefault(name, {})
            row[f"rank correlation, {sex}"] = float(np.mean(inside))
            row[f"error, {sex}"] = float(np.sqrt(error))
    return pd.DataFrame(rows).T


def cover_table(
    truth: Truth, pattern: dict[str, np.ndarray], model: dict, level: str
) -> pd.DataFrame:
    """Share of MSOAs within their interval where councils' figures err as today's do.

    The council's true level is the mean of its MSOAs; the published one is that with an error drawn
    from today's sampling variance. The residual's variance is that of the other regions. Drift and
    scale are left out, for pattern and truth are of the same years here.
    """
    random = np.random.default_rng(5)
    of, region, names = truth.groups.of, truth.region, truth.groups.names
    rows: dict[str, dict[str, float]] = {}
    about = truth.areas.groupby("council_code")["region_code"].first().loc[names]
    amount = np.bincount(of, weights=truth.people)
    own = truth.groups.own_part()
    for sex in truth.sexes:
        spread = councils(truth, sex, PERIOD)["spread"].loc[names].to_numpy()
        true_level = truth.groups.mean(truth.hle[sex])
        index = council_index(truth, np.array(model["coefficients"][sex]), model["covariates"])
        left = truth.groups.centred(truth.hle[sex]) - pattern[sex]
        residual = np.empty(len(of))
        for name in np.unique(region):
            out = region != name
            value = np.average((left**2 - truth.sampling[sex])[out], weights=truth.people[out])
            residual[~out] = value / np.average(own[out], weights=truth.people[out])
        inside, half, bare = np.zeros(len(of)), 0.0, np.zeros(len(of))
        for _ in range(RUNS):
            drawn = true_level + random.normal(0.0, np.sqrt(spread))
            known = pd.DataFrame({"hle": drawn, "spread": spread}, index=names)
            figure, error = levels(known, index.loc[names].to_numpy(), about, amount, level)
            off = np.abs(truth.hle[sex] - figure[of] - pattern[sex])
            total = error[of] + residual * own
            inside += off < DEVIATIONS * np.sqrt(total + truth.sampling[sex])
            bare += off < DEVIATIONS * np.sqrt(error[of] + truth.sampling[sex])
            half += float(np.mean(DEVIATIONS * np.sqrt(total)))
        for name in [*np.unique(region), "all"]:
            here = np.ones(len(of), bool) if name == "all" else region == name
            row = rows.setdefault(name, {})
            row[f"cover, {sex}"] = float(inside[here].mean() / RUNS)
            row[f"with the council's interval alone, {sex}"] = float(bare[here].mean() / RUNS)
        rows["all"][f"half-width, {sex}"] = half / RUNS
    return pd.DataFrame(rows).T


def print_changes(truth: Truth) -> None:
    """How many people change their fifth of HLE, how sure the lowest is, and gaps by decile."""
    areas = truth.areas.reset_index()
    wide = {name: councils(truth, sex, PERIOD)["hle"] for sex, name in SEXES.items()}
    before = modelled.area_hle(areas, pd.DataFrame(wide), "IMD 2025")
    fifths = {"before": bands(areas.assign(hle=before["hle"]), 5, "hle")}
    people = areas["people"]
    for level in ("published", "smoothed"):
        figures = national(level)
        table = figures.table()
        fifths[level] = bands(areas.assign(hle=table["hle"].to_numpy()), 5, "hle")
        chance = lowest_band_probability(figures, number=300)
        low = fifths[level] == 1
        print(f"\n{level}: of the {people[low].sum() / 1e6:.1f} M people of the lowest fifth")
        print(f"  {np.average(chance[low], weights=people[low]):.1%} are expected to be in it")
        sure = people[chance >= 0.8].sum() / 1e6
        print(f"  {sure:.1f} M live where that is at least 80 % likely")
        for sex, name in SEXES.items():
            ends = [
                np.average(table[name][decile], weights=people[decile])
                for decile in ((areas["imd_decile"] == end).to_numpy() for end in (1, 10))
            ]
            half = (table[f"{name}_high"] - table[f"{name}_low"]).median() / 2
            print(f"  {sex}: deciles 1 and 10 {ends[0]:.1f} {ends[1]:.1f}, half-width {half:.1f}")
        half = (table["hle_high"] - table["hle_low"]).median() / 2
        print(f"  persons: half-width {half:.1f}")
    pairs = (("before", "published"), ("before", "smoothed"), ("published", "smoothed"))
    for one, other in pairs:
        moved = people[fifths[one] != fifths[other]].sum()
        share = moved / people.sum()
        print(f"{one} to {other}: {moved / 1e6:.1f} M people ({share:.0%}) change fifth")


if __name__ == "__main__":
    main()
