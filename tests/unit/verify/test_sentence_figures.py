"""Figures are read as documents print them."""

import pytest

from nhcplanner.verify.sentence_figures import figures_of, tokens


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("14,907 (4.3%)", [14907, 0.043]),
        ("£2.35 million", [2.35e6]),
        ("-17,206 fewer", [-17206]),
        ("on 30 November 2026, by 2035", []),
        ("X01000117, S010", []),
        ("36.4 minutes", [36.4]),
    ],
)
def test_figures_are_read_as_they_are_printed(text, values):
    assert [one.value for one in tokens(text)] == pytest.approx(values)


def test_a_figure_is_among_others_as_far_as_it_is_rounded():
    (share,) = tokens("18.3%")
    assert share.is_among([0.18322])
    assert not share.is_among([0.1842, 0.1816])
    (people,) = tokens("64,127")
    assert people.is_among([64126.7])
    assert not people.is_among([64128])
    (cell,) = figures_of(64127.4)
    assert not cell.is_among([64127])  # a workbook holds figures unrounded
