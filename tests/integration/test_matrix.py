"""A matrix from another tool, from the build to the record."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner import InputError, OwnFiles, Scenario, build, demo_place, layers, load, run
from nhcplanner.outputs import as_json
from nhcplanner.workflow import measure

SOURCES = layers.demo_folder().parent / "sources"


def test_a_matrix_is_an_engine_named_in_the_record(tmp_path):
    place = demo_place()
    walk = measure(place, Scenario(horizon=30)).minutes.tocoo()
    pd.DataFrame(
        {
            "origin": place.origins["area_code"].to_numpy()[walk.coords[0]],
            "destination": place.sites["site_id"].to_numpy()[walk.coords[1]],
            "seconds": 60 * walk.data.astype(np.float64),
        }
    ).to_csv(tmp_path / "tracc.csv", index=False)
    files = OwnFiles(
        SOURCES / "areas.gpkg", SOURCES / "sites.csv", columns=SOURCES / "columns.toml",
        matrix=tmp_path / "tracc.csv",
    )  # fmt: skip
    own = load(build(files, tmp_path / "place"))
    scenario = Scenario(engine="matrix", model="max_coverage", count=3, everyone="reachable")
    outcome = run(own, scenario)
    again = layers.read_place(layers.write_place(own, tmp_path / "copy"))
    np.testing.assert_allclose(measure(again, scenario).minutes.toarray(), walk.toarray(), 1e-5)
    record = as_json(outcome)
    assert record["times"] == {
        "mode": "walk", "engine": "matrix: tracc.csv", "estimate": False, "pairs": walk.nnz,
    }  # fmt: skip
    source = next(one for one in record["sources"] if one["layer"] == "matrix")
    assert source["rows"] == walk.nnz
    assert any("are not in the matrix" in note for note in source["notes"])
    assert any("are not in the matrix" in note for note in outcome.assessment.notes)
    json.dumps(record)


@pytest.mark.parametrize(
    ("modes", "words"), [((), "--matrix"), (("walk", "drive"), "minutes of one mode")]
)
def test_a_matrix_that_a_scenario_cannot_use_is_refused(modes, words):
    place = demo_place()
    place = replace(place, matrix=place.streets) if modes else place
    with pytest.raises(InputError, match=words):
        measure(place, Scenario(engine="matrix", modes=modes))
