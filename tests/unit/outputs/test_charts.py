import pytest

from nhcplanner.outputs.charts import before_after
from nhcplanner.outputs.frames import shares


def test_axes_name_what_they_count(outcome):
    chart = before_after(shares(outcome), "Band (1 = first)", 20).to_dict()
    assert chart["encoding"]["y"]["title"] == ["Band", "(1 = first)"]
    assert chart["encoding"]["x"]["title"] == "People within 20 minutes (%)"


def test_each_group_has_a_bar_before_and_after(outcome):
    chart = before_after(shares(outcome), "Band", 20).to_dict()
    (rows,) = chart["datasets"].values()
    assert [(r["group"], r["when"]) for r in rows if r["group"] == 2] == [
        (2, "before"),
        (2, "after"),
    ]
    assert next(r for r in rows if r["when"] == "after")["share"] == pytest.approx(0.4)
