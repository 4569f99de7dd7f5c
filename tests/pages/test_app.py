from pathlib import Path

from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "app.py"


def test_app_opens_without_fail():
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert not app.exception
    assert not app.error
