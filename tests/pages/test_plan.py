import pytest

from nhcplanner import workflow
from nhcplanner.base.errors import Fault, InputError


def widget(app, label):
    kinds = [app.selectbox, app.radio, app.number_input, app.checkbox, app.text_input]
    return next(one for kind in kinds for one in kind if one.label.startswith(label))


def button(app, label):
    return next(one for one in app.button if one.label.startswith(label))


@pytest.fixture
def planned(opened):
    def plan(address=None, **choices):
        app = opened("plan", **(address or {}))
        for label, value in choices.items():
            widget(app, label.replace("_", " ")).set_value(value)
        button(app, "Make the plan").click().run()
        assert not app.exception
        return app

    return plan


def table_with(app, column):
    """The table of a page that has a column, or whose index has that name."""
    return next(
        one.value
        for one in app.dataframe
        if len(one.value) and (column in one.value or one.value.index.name == column)
    )


def figure(app, label):
    return next(one for one in app.metric if one.label.startswith(label))


def test_place_is_introduced_before_a_plan_is_made(opened, said):
    app = opened("plan")
    assert "15,000 people" in said(app)
    assert "SYNTHETIC: this place is invented" in said(app)
    assert not app.metric


def test_plan_shows_people_centres_and_proof(planned):
    app = planned(Open_at_most=3)
    people, first, centres, proof = app.metric
    assert people.label == "People within 20 minutes"
    assert first.label.startswith("Of band 1")
    assert (centres.value, centres.delta) == ("3", "2 new")
    assert proof.value == "Proved best"
    assert "of 15,000 people" in people.help


def test_table_is_the_twin_of_the_map(planned):
    table = table_with(planned(Open_at_most=3), "number")
    assert table["number"].tolist() == [1, 2, 3]
    assert table["role"].tolist() == ["Existing centre", "New centre", "New centre"]
    assert table["name"].tolist()[0] == "House *0*"


def test_shares_by_band_before_and_after(planned):
    shares = table_with(planned(Open_at_most=3), "Band (1 = first)")
    assert shares.index.name == "Band (1 = first)"
    assert (shares["after"] >= shares["before"]).all()
    assert shares["after"].max() == 100


def test_rules_are_told_back_as_sentences(planned):
    app = planned(Open_at_most=3, Flexibility=1.0, Distance=1500.0, People_in_reach=10.0)
    words = " ".join([*(one.value for one in app.markdown), *(one.label for one in app.expander)])
    assert "Open at most 3 centres" in words
    assert "may give up 1%" in words
    assert "at least 1,500 m apart" in words
    assert "At least 10% of everyone" in words


def test_a_blank_number_is_no_rule(planned):
    app = planned({"count": "none"}, Aim="set_cover", Leave=True)
    assert "Open centres, as few as possible" in app.expander[0].label
    assert figure(app, "People").value == "100.0%"


def test_impossible_question_gets_the_reason_and_no_figures(planned):
    app = planned(Aim="set_cover", Open_at_most=1, Leave=False)
    assert "These rules can't all be met:" in app.error[0].value.replace("\\", "")
    assert not app.metric


def test_a_failed_attempt_replaces_no_plan(planned, said):
    app = planned(Open_at_most=3)
    people = figure(app, "People").value
    widget(app, "Aim").set_value("set_cover")
    widget(app, "Open at most").set_value(1)
    button(app, "Make the plan").click().run()
    assert "Plan A: These rules can't all be met" in said(app).replace("\\", "")
    assert figure(app, "People").value == people
    assert table_with(app, "made")["name"].tolist() == ["Plan A"]


def test_all_plans_are_in_one_table_with_key_figures(planned):
    app = planned(Open_at_most=3)
    widget(app, "Open at most").set_value(2)
    widget(app, "Plan name").set_value("Two centres")
    button(app, "Make the plan").click().run()
    table = table_with(app, "made")
    assert table["name"].tolist() == ["Plan A", "Two centres"]
    assert table["centres"].tolist() == [3, 2]
    assert table["share"].tolist()[0] >= table["share"].tolist()[1]


def test_rules_that_clash_with_themselves_are_a_sentence(planned):
    app = planned({"count": "none"}, Open_exactly=True)
    assert "exactly needs a count" in " ".join(one.value for one in [*app.error, *app.warning])


def test_failure_is_words_and_no_traceback(monkeypatch, planned, said):
    def broken(place, scenario, progress):
        raise InputError([Fault("has no roads_x", "my_file.csv", hint="Add some")])

    monkeypatch.setattr(workflow, "make_plan", broken)
    assert r"my\_file.csv\: has no roads\_x. Add some" in said(planned())


def changed(app, way):
    app.button_group[0].set_value(way).run()
    return app


def test_a_centre_shut_by_hand_is_told_from_the_plan_and_undone(planned, said):
    app = changed(planned(Open_at_most=3), "Close")
    before = figure(app, "People").value
    widget(app, "Centre").select("S2").run()
    button(app, "Close this centre").click().run()
    assert widget(app, "Plan on screen").value == "Plan A, by hand"
    assert figure(app, "Centres").value == "2"
    assert figure(app, "People").delta.startswith("-")
    assert figure(app, "Distance").value == "Not known"
    assert r"House \*2\* closed" in said(app)
    button(app, "Undo all").click().run()
    assert figure(app, "People").value == before
    assert widget(app, "Plan on screen").value == "Plan A"


def test_more_centres_than_asked_for_break_the_rule_in_words(planned, said):
    app = changed(planned(Open_at_most=3), "Open another")
    other = widget(app, "Site")
    other.select(other.options[0].split("(")[1].rstrip(")"))
    button(app, "Open this site").click().run()
    assert "This breaks a rule: at most 3 centres may open" in said(app)
    assert figure(app, "Centres").value == "4"


def test_a_centre_is_moved_by_typing_where_and_the_list_takes_it_over(planned, said):
    app = changed(planned(Open_at_most=3), "Move")
    widget(app, "Centre").select("S2").run()
    widget(app, "Postcode").set_value("409500, 300500")
    button(app, "Move this centre").click().run()
    assert r"House \*2\* moved" in said(app)
    assert figure(app, "Distance").delta == "by hand"
    button(app, "Save the moves").click().run()
    assert not [one for one in app.button if one.label.startswith("Save the moves")]


def test_a_place_that_cannot_be_read_is_a_sentence(planned, said):
    app = changed(planned(Open_at_most=3), "Move")
    widget(app, "Postcode").set_value("the old mill")
    button(app, "Move this centre").click().run()
    assert "is not a grid reference" in said(app)


def test_reasons_come_on_a_press(planned):
    app = planned(Open_at_most=3)
    app.button(key="why centres").click().run()
    assert not app.exception
    tables = [one.value for one in app.dataframe]
    why = next(one for one in tables if "only" in one)
    assert why["site_id"].tolist() == ["S0", "S2", "S4"] or len(why) == 3
    assert (why["only"] <= why["reaches"]).all()
    add = next(one for one in tables if "adds" in one)
    assert add["adds"].is_monotonic_decreasing
