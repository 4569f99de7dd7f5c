from dataclasses import replace

import pytest

from nhcplanner import workflow
from nhcplanner.domain.errors import Fault, InputError


def button(app, label):
    return next(one for one in app.button if one.label == label)


def test_the_place_says_at_once_what_it_holds_and_lacks(opened, said):
    app = opened("start")
    assert [one.value for one in app.metric] == ["15,000", "10", "5", "1"]
    words = said(app)
    assert "No streets\\: minutes are an estimate from straight lines" in words
    assert "SYNTHETIC: this place is invented" in words


def test_a_folder_is_opened_and_said_where_it_is_not_there(opened, said, monkeypatch, tmp_path):
    other = replace(workflow.demo_place(), name="Elsewhere", synthetic=False)
    monkeypatch.setattr(workflow, "load", {tmp_path: other}.__getitem__)
    app = opened("start")
    app.radio[0].set_value("folder").run()
    app.text_input[0].set_value(str(tmp_path))
    button(app, "Open").click().run()
    assert "Elsewhere" in [one.value for one in app.subheader]
    assert str(tmp_path) in app.query_params["place"]
    assert "SYNTHETIC" not in said(app)


def test_a_folder_that_cannot_be_read_leaves_one_where_one_was(opened, said, tmp_path):
    app = opened("start")
    app.radio[0].set_value("folder").run()
    app.text_input[0].set_value(str(tmp_path / "nowhere"))
    button(app, "Open").click().run()
    assert "nowhere" in app.error[0].value.replace("\\", "")
    assert "SYNTHETIC Row" in [one.value for one in app.subheader]


def test_patients_have_no_place_here(opened, said):
    app = opened("start")
    app.radio[0].set_value("upload").run()
    assert "Never upload anything about patients" in said(app)


@pytest.mark.parametrize(
    "error", [InputError([Fault("is broken_x", "a_file.csv")]), KeyError("areas")]
)
def test_whatever_fails_is_a_sentence(opened, said, monkeypatch, error):
    def broken():
        raise error

    monkeypatch.setattr(workflow, "demo_place", broken)
    app = opened("start")
    assert not app.exception
    assert len(app.error) == 1
    assert "Traceback" not in said(app)
