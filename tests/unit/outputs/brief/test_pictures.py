"""Pictures: classes by hand, the same bytes, readable without colour, told in words."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import style
from nhcplanner.outputs.brief import figures, pictures

NAN = np.nan


def _evidence(outcome, before, after):
    before, after = np.array(before, float), np.array(after, float)
    frame = pd.DataFrame(
        {
            "minutes_before": before,
            "minutes_after": after,
            "change": after - before,
            "people": outcome.place.areas["people"],
        }
    )
    return Evidence(outcome, areas=frame)


@pytest.fixture
def changed(outcome):
    before = [NAN, 30, 20, 15, 12, 12, 12, NAN, 30, 11, 10, 10]
    after = [5, 20, 15, 14, 11.5, 12.5, 13, NAN, NAN, 1, 9.5, 5]
    return _evidence(outcome, before, after)


def test_changes_of_minutes_fall_into_their_classes(changed):
    assert figures.changes(changed).tolist() == [0, 1, 2, 3, 4, 4, 5, 6, 5, 1, 4, 2]


def test_the_map_of_change_tells_its_classes_in_words(changed):
    figure = figures.change_map(changed)
    heads = changed.areas["people"]
    farther = heads[6] + heads[8]
    assert f"Farther by 1 minute or more: {farther:,} people" in figure.alt
    assert "(estimate)" in figure.caption
    assert figure.png.startswith(b"\x89PNG")


def test_the_same_evidence_gives_the_same_picture(outcome):
    one, two = (figures.plan_map(Evidence(outcome)).png for _ in range(2))
    assert one == two


def test_a_map_says_roles_and_people_of_every_class(outcome):
    alt = figures.plan_map(Evidence(outcome)).alt
    assert "1 squares: existing centres" in alt
    assert "1 discs: new centres" in alt
    assert "Band 1, lowest HLE: 50.0 to 55.5 years: 4,600 people" in alt
    assert "Band 3, highest HLE: 64.5 to 70.0 years: 7,800 people" in alt


def test_no_map_has_more_classes_than_an_eye_tells():
    assert len(figures.CHANGES) <= style.CLASSES
    assert len(set(pictures.MARKS.values())) == len(pictures.MARKS)


def _lightness(colour: str) -> float:
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_classes_differ_in_grey_or_by_their_hatch():
    plain = [colour for _, colour, hatch in figures.CHANGES if not hatch]
    light = [_lightness(one) for one in plain]
    assert light == sorted(light)
    assert min(np.diff(light)) > 20
    hatches = [hatch for _, _, hatch in figures.CHANGES if hatch]
    assert len(hatches) == len(set(hatches)) == 2


def test_what_has_no_figure_is_hatched(outcome):
    areas = outcome.assessment.areas
    areas.loc[0, "minutes_after"] = np.inf
    alt = figures.minutes_map(Evidence(outcome)).alt
    assert "More than 60 minutes" in alt


def test_bars_tell_their_groups_and_shares(outcome):
    frame = pd.DataFrame(
        {
            "grouping": "imd_quintile",
            "group": ["1", "5"],
            "share_before": [0.1, NAN],
            "share_after": [0.5, 0.25],
        }
    )
    figure = figures.bars(Evidence(outcome, groups=frame), "imd_quintile")
    assert "fifth 1 (most deprived): 10.0% before, 50.0% with the plan" in figure.alt
    assert figures.bars(Evidence(outcome, groups=frame), "band") is None


def test_the_curve_is_of_every_mode(outcome):
    minutes = np.arange(1, 61)
    rows = [
        pd.DataFrame(
            {"mode": mode, "minutes": minutes, "share_before": 0.1, "share_after": minutes / 60}
        )
        for mode in ("the plan's own: walk", "drive")
    ]
    one = figures.curve(Evidence(outcome, curve=pd.concat(rows)))
    two = figures.curve(Evidence(outcome, curve=rows[0]))
    assert one.png != two.png
    assert "within 30 minutes 10.0% before and 50.0% with the plan" in one.alt
    assert one.width == pictures.WIDTH


def test_an_invented_place_says_so_in_the_picture(outcome):
    real = replace(outcome, place=replace(outcome.place, synthetic=False))
    assert figures.plan_map(Evidence(outcome)).png != figures.plan_map(Evidence(real)).png
