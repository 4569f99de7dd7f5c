"""The app for `nhcplanner app`, `streamlit run app.py` and any ASGI server (`app:app`)."""

from importlib.resources import files

from starlette.middleware import Middleware as Outermost
from streamlit.starlette import App

from nhcplanner.pages.middleware import Middleware

app = App(str(files("nhcplanner.pages") / "script.py"), middleware=[Outermost(Middleware)])
