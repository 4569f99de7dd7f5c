"""The session's candidate list: every change can be taken back, one after the other."""

from __future__ import annotations

from nhcplanner import workflow
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.pages.session import state

MOST_STEPS = 50


def site_choices() -> workflow.Choices:
    """What was changed about the sites, and which must or must not open."""
    asked = state.scenario()
    return workflow.Choices(state.edits(), asked.keep, asked.forbid)


def choose_sites(given: workflow.Choices) -> Place:
    """Put these choices in the place of the present ones, all or none of them.

    Raises
    ------
    InputError
        Where an edit has a fault; nothing is then changed.
    """
    before = site_choices()
    if given == before:
        return state.place()
    found = _put(given)
    steps = state.kept().earlier
    steps.append(before)
    del steps[:-MOST_STEPS]
    return found


def steps() -> int:
    """How many changes of the list can be taken back."""
    return len(state.kept().earlier)


def step_back() -> None:
    """Take the last change of the list back."""
    if state.kept().earlier:
        _put(state.kept().earlier.pop())


def _put(given: workflow.Choices) -> Place:
    asked = state.scenario().model_dump() | {"keep": given.keep, "forbid": given.forbid}
    scenario = Scenario.from_settings(asked)
    found = state.set_edits(given.edits)
    state.set_scenario(scenario)
    return found
