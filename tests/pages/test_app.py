from pathlib import Path

from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "app.py"


def test_app_opens_on_the_plan():
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert not app.exception
    assert app.button[0].label == "Make the plan"
