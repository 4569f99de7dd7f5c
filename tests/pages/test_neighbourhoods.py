"""The page Neighbourhoods, on a row of ten areas of 1,500 people."""

import pytest


@pytest.fixture
def built(opened):
    app = opened("neighbourhoods")
    for number, value in enumerate((5000, 3000, 6000)):
        app.number_input[number].set_value(value)
    app.run()
    next(one for one in app.button if one.label == "Show neighbourhoods").click().run()
    assert not app.exception
    return app


def test_footprints_are_built_within_the_bounds_asked_for(built, said):
    assert "3 neighbourhoods of 4,500 to 6,000 people" in said(built)
    table = next(one.value for one in built.dataframe if "Size within limits" in one.value)
    assert set(table["Size within limits"]) == {"yes"}
    assert table["People"].sum() == 15_000


def test_bounds_in_the_wrong_order_are_refused_in_words(opened, said):
    app = opened("neighbourhoods")
    app.number_input[1].set_value(90_000).run()
    assert "are no bounds of a neighbourhood" in said(app)


def test_neighbourhoods_without_a_centre_leave_out_the_one_with_it(built):
    table = next(one.value for one in built.dataframe if "first_band_people" in one.value)
    assert len(table) == 2
