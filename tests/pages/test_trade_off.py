import pytest

from nhcplanner import workflow
from nhcplanner.models import Report
from nhcplanner.pages import session
from nhcplanner.workflow.trade_off import trace_trade_off


@pytest.fixture
def weighed(opened):
    """Trade-offs of a plan of three centres; `weighed(goals)` presses the button."""

    def weigh(first="people", second="centres"):
        app = opened("trade_off", count="3")
        app.button[0].click().run()
        one, other = app.selectbox
        one.set_value(first)
        other.set_value(second).run()
        _press(app, "Compare goals")
        return app

    return weigh


def _press(app, label):
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception


def _view(app, name):
    app.button_group[0].set_value(name).run()
    assert not app.exception


def test_a_plan_is_made_on_the_spot_where_there_is_none(opened, said):
    app = opened("trade_off", count="3")
    assert "You need a plan" in said(app)
    app.button[0].click().run()
    words = said(app)
    assert "Open at most 3 centres" in words
    assert "press **Compare goals**" in words


def test_every_point_of_the_curve_is_a_row_and_none_beats_another(weighed, said):
    app = weighed()
    table = app.dataframe[0].value
    assert table["point"].tolist() == list(range(1, len(table) + 1))
    assert table["first"].is_monotonic_decreasing
    assert table["second"].is_monotonic_decreasing
    assert table["second"].tolist() == table["centres"].tolist() == [3, 2, 1]
    assert set(table["proof"]) == {"Proved best"}
    words = said(app)
    assert "3 plans\\: none is better than another on both goals" in words
    assert "There are no other such plans" in words


def test_the_first_point_is_shown_until_another_is_chosen(weighed, said):
    app = weighed()
    words = said(app)
    assert "Plan 1\\: people in reach" in words
    assert "compared with the plan above" in words


def test_a_plan_of_the_curve_is_kept_and_nothing_is_claimed_of_it(weighed, said):
    app = weighed()
    _press(app, "Keep as Plan B")
    assert next(one for one in app.selectbox if one.label == "Plan").value == "Plan B"
    words = said(app).replace("\\", "")
    assert "nothing is proved of it: chosen under Trade-offs as an alternative to Plan A" in words
    _view(app, "Alternatives")
    assert "A plan changed by hand has no proof" in said(app)


def test_a_goal_against_itself_is_refused_in_words(weighed, said, opened):
    app = opened("trade_off", count="3")
    app.button[0].click().run()
    app.selectbox[1].set_value("people").run()
    assert "two different goals" in said(app)


def test_goals_without_figures_are_not_offered(opened):
    app = opened("trade_off", count="3")
    app.button[0].click().run()
    assert "Least money spent" not in app.selectbox[0].options
    assert "Fewest centres" in app.selectbox[0].options


def test_points_are_shown_while_more_are_coming(opened, monkeypatch, said):
    """What a report brings is drawn before the work has ended."""
    found = []

    def spied(outcome, first, second, pace, progress):
        return trace_trade_off(outcome, first, second, pace, found.append)

    monkeypatch.setattr(workflow, "make_trade_off", spied)
    app = opened("trade_off", count="3")
    app.button[0].click().run()
    _press(app, "Compare goals")
    assert isinstance(found[0], Report)
    assert len(found[-1].points) > len(found[0].points) == 0
    monkeypatch.setattr(session, "is_working", lambda slot, *_: slot == "trade-off")
    monkeypatch.setattr(session, "latest_report", lambda *_: found[-1].points)
    app.run()
    assert "The search goes on" in said(app)
    assert len(app.dataframe[0].value) == len(found[-1].points)


def test_plans_nearly_as_good_come_with_their_guarantee(opened, said):
    app = opened("trade_off", count="3")
    app.button[0].click().run()
    _view(app, "Alternatives")
    app.slider[0].set_value(20).run()
    _press(app, "Find alternatives")
    words = said(app)
    assert "within 20% of the best possible on every goal" in words
    assert "no plan can reach more than" in words
    table = app.dataframe[0].value
    assert table["Plan"].tolist() == list(range(1, len(table) + 1))
    assert table["Opens instead"].iloc[0] == ""


def test_every_site_has_a_use_in_good_plans(opened, said):
    app = opened("trade_off", count="3")
    app.button[0].click().run()
    _view(app, "Sites in good plans")
    _press(app, "Find alternatives")
    table = app.dataframe[0].value
    assert sorted(table["Site id"]) == [f"S{n}" for n in range(5)]
    assert table["In good plans"].iloc[0] == "Always"
    assert "S0" in table.loc[table["In good plans"] == "Always", "Site id"].tolist()
    assert "Number of sites that good plans open\\:" in said(app)
