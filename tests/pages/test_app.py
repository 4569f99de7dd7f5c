from importlib.resources import files

from streamlit.testing.v1 import AppTest


def test_the_app_opens_on_its_first_page():
    script = files("nhcplanner.pages") / "script.py"
    app = AppTest.from_file(str(script), default_timeout=60).run()
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "Start"
    assert app.metric[0].value == "15,000"
