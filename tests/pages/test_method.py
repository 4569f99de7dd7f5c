from nhcplanner import models
from nhcplanner.domain.scenario import Scenario


def test_every_aim_and_parameter_is_explained(opened):
    app = opened("method")
    assert not app.exception
    aims, parameters, glossary = (table.value for table in app.table)
    assert aims["What it does"].tolist() == [m.words for m in models.catalogue.values()]
    assert parameters.index.tolist() == list(Scenario.model_fields)
    assert parameters["Meaning"].notna().all()
    assert "Gap" in glossary.index
