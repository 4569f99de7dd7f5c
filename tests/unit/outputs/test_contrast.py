"""Two plans side by side, area by area."""

from types import SimpleNamespace

import pandas as pd

from nhcplanner.outputs import contrast


def test_an_area_at_the_edge_of_a_class_counts_as_its_words_say_nearer_and_farther_alike():
    codes = ["A", "B", "C", "D", "E", "F", "G"]
    areas = pd.DataFrame(
        {"area_code": codes, "change": [-10.0, -5, -1, 0, 1, 5, 10], "verdict": "nearer"}
    )
    place = SimpleNamespace(areas=areas[["area_code"]])
    found = contrast.shading(place, SimpleNamespace(areas=areas))
    assert [found.labels[one] for one in found.of_area] == list(found.labels)
