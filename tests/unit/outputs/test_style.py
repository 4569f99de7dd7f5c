import tomllib
from pathlib import Path

import pytest

from nhcplanner.outputs import style

CONFIG = Path(__file__).parents[3] / ".streamlit" / "config.toml"


@pytest.mark.parametrize("classes", range(1, style.CLASSES + 1))
def test_every_class_has_a_colour_of_its_own(classes):
    assert len(set(style.need(classes))) == classes


def test_the_app_looks_the_same_with_and_without_its_configuration_file():
    config = tomllib.loads(CONFIG.read_text("utf-8"))
    options = dict(option.removeprefix("--").split("=") for option in style.APP_OPTIONS)
    written = {
        f"{section}.{name}": str(value).lower() if isinstance(value, bool) else str(value)
        for section, names in config.items()
        for name, value in names.items()
    }
    assert options == written
