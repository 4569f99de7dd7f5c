from pathlib import Path

from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "app.py"


def test_app_opens_on_the_plan():
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert not app.exception
    assert app.button[0].label == "Make the plan"


BOTH = """
import streamlit as st
from nhcplanner.pages import method, plan
(method if "method" in st.query_params else plan).show()
"""


def test_answers_and_plan_are_still_there_after_a_look_at_the_method():
    app = AppTest.from_string(BOTH, default_timeout=60).run()
    app.number_input[0].set_value(3)
    app.slider[0].set_value(30)
    app.button[0].click().run()
    app.query_params["method"] = "yes"
    app.run()
    assert app.header[0].value == "Method and sources"
    del app.query_params["method"]
    app.run()
    assert not app.exception
    assert (app.number_input[0].value, app.slider[0].value) == (3, 30)
    assert app.metric[1].value == "3"
