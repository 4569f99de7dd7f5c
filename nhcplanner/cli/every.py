"""Every command, in the order in which help lists them."""

# isort: off
from nhcplanner.cli import (
    fetching,
    lookups,
    places,
    measures,
    plans,
    changes,
    questions,
    reasons,
    many,
    handin,
    screen,
)

# isort: on
from nhcplanner.cli.shell import app

__all__ = [
    "app",
    "changes",
    "fetching",
    "handin",
    "lookups",
    "many",
    "measures",
    "places",
    "plans",
    "questions",
    "reasons",
    "screen",
]
