"""Uploads spoilt at random: the page says what is wrong, and everybody's work is still there.

`NHCPLANNER_UPLOADS=200` tries so many instead of a few.
"""

import os
import re
from random import Random

import pytest

from tests.property.fuzz import originals
from tests.property.fuzz.spoil import spoil

UPLOADS = int(os.environ.get("NHCPLANNER_UPLOADS", "4"))
PAGES = {
    "start": (("place.zip", "scenario.toml"), r"Open the upload|Use these settings"),
    "sites": (("sites.csv", "sites.xlsx", "sites.gpkg", "sites.geojson"), r"Add \d+ sites?"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    originals.make(folder)
    return folder


def spoilt(sound, folder, name, chance) -> bytes:
    path = folder / name
    path.write_bytes((sound / name).read_bytes())
    spoil(path, chance)
    return path.read_bytes()


def taken(app, name, content, buttons):
    """Put a file into its uploader and press on, as far as there is anything to press."""
    ending = name.rpartition(".")[2]
    for way in app.radio:
        if way.label == "Source":
            way.set_value("upload").run()
    for waiting in (one for one in app.button if one.label.startswith("Cancel")):
        waiting.click().run()  # the list before cannot be added as it is
    where = next(one for one in app.file_uploader if any(ending in a for a in one.allowed_type))
    where.set_value((name, content, "application/octet-stream")).run()
    press = next((one for one in app.button if re.match(buttons, one.label)), None)
    if press is not None:
        press.click().run()


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("page", PAGES)
def test_the_app_survives(page, sound, tmp_path, opened, said):
    names, buttons = PAGES[page]
    app, chance = opened(page), Random(f"{page} 1")
    for number in range(UPLOADS):
        name = names[number % len(names)]
        taken(app, name, spoilt(sound, tmp_path, name, chance), buttons)
        words = said(app)
        assert "could not be shown" not in words, (number, name, words)
        assert "Traceback" not in words
        app = opened(page) if app.error else app
