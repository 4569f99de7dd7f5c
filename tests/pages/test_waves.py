import pytest


@pytest.fixture
def waved(opened):
    """Waves of a plan of four centres, as planned at first."""

    def plan(**counts):
        app = opened("waves", count="4")
        app.button[0].click().run()
        for position, count in counts.items():
            app.number_input[int(position[1:])].set_value(count)
        next(one for one in app.button if one.label == "Plan the waves").click().run()
        assert not app.exception
        return app

    return plan


def test_what_opens_stays_open_and_the_last_wave_is_the_plan(waved):
    app = waved()
    opens = app.dataframe[0].value
    assert opens["wave"].tolist()[0] == "Open already"
    seen = []
    for wave in ("2027", "2030", "2035"):
        app.select_slider[0].set_value(wave).run()
        seen.append(set(app.dataframe[0].value["name"]))
    assert seen[0] < seen[1] < seen[2]
    assert app.metric[0].value == "4"


def test_people_by_band_add_up_and_never_fall(waved):
    people = waved().dataframe[1].value
    steps = people[["today", "2027", "2030", "2035"]]
    assert (steps.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert people.loc["All", "people"] == 15_000
    assert (steps.drop(index="All").sum() == steps.loc["All"]).all()


def test_the_price_of_each_wave_is_said(waved, said):
    app = waved()
    assert "2027\\: " in said(app)
    assert "planned alone" in said(app)
    prices = app.dataframe[2].value
    assert prices["wave"].tolist() == ["2027", "2030", "2035"]
    assert (prices["gap"] == 0).all()


def test_waves_that_fall_are_refused_in_words(waved, said):
    assert "what opens stays open" in said(waved(n0=4, n1=2))


def test_budgets_are_asked_for_only_where_costs_are_known(waved):
    assert len(waved().number_input) == 3


def test_names_of_waves_are_no_markup_on_the_slider(waved):
    app = waved()
    app.text_input[0].set_value("**c** :red[x]")
    next(one for one in app.button if one.label == "Plan the waves").click().run()
    assert not app.exception
    shown = app.select_slider[0].options
    assert shown[0].replace("\\", "") == "**c** :red[x]"
    assert "**" not in shown[0]
    assert ":red[" not in shown[0]
