import numpy as np
import pandas as pd

from nhcplanner.outputs.tables import patients

FRAME = pd.DataFrame({
    "area_code": ["E01000001", "E01000000"], "patients": [600, 9], "minutes": [4.2, np.nan],
})  # fmt: skip


def test_areas_are_coloured_by_their_patients_in_the_order_of_the_place(outcome):
    place = outcome.place
    assert patients.patients_of(place, FRAME)[:3].tolist() == [9, 600, 0]
    shading = patients.shading(place, FRAME)
    words = [shading.labels[one] for one in shading.of_area[:3]]
    assert words == ["1 to 9", "500 or more", "none"]
    assert len(shading.labels) == len(shading.colours)


def test_a_tip_has_minutes_where_they_are_known(outcome):
    tip = patients.tips(outcome.place, FRAME)
    assert tip(0) == "Area 0\n9 patients"
    assert tip(1).endswith("600 patients\n4 minutes to their practice")


def test_one_practice_is_one_point(outcome):
    assert patients.practice_layer(outcome.place, "S1").layer_name == "practice"
