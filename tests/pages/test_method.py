import pytest

from nhcplanner import models
from nhcplanner.domain.scenario import Scenario


@pytest.fixture
def method(opened):
    app = opened("method", count="3")
    assert not app.exception
    return app


def test_every_aim_and_parameter_is_explained(method):
    aims, parameters, glossary, versions = (table.value for table in method.table)
    assert aims["What it does"].tolist() == [m.words for m in models.catalogue.values()]
    assert (aims["In the literature"] != "").all()
    assert parameters.index.tolist() == list(Scenario.model_fields)
    assert parameters["Meaning"].notna().all()
    assert parameters.loc["count", ["Now", "Default"]].tolist() == ["3", "none"]
    assert "Gap" in glossary.index
    assert "nhcplanner" in versions.index


def test_sources_stand_with_their_licence(method):
    sources = method.dataframe[0].value
    assert sources[["Layer", "What it is", "Licence"]].iloc[0].tolist() == [
        "areas",
        "Squares",
        "OGL v3",
    ]
    assert "Publisher" not in sources


def test_every_column_of_the_schema_has_a_meaning(method):
    columns = method.dataframe[1].value
    assert (columns["Meaning"] != "").all()
    assert {"areas", "sites"} == set(columns["Layer"])


def test_limits_are_said(method, said):
    assert "HLE of small areas is modelled" in said(method)


def test_what_maps_are_drawn_on_is_said(opened, said, monkeypatch):
    assert "no other machine is asked for anything" in said(opened("method"))
    monkeypatch.setenv("NHCPLANNER_TILES", "https://tiles.example.org/{z}/{x}/{y}.png")
    monkeypatch.setenv("NHCPLANNER_TILES_CREDIT", "Example")
    assert "so it learns where you look" in said(opened("method"))
