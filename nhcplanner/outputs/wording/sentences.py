"""A scenario as the text of its file.

A scenario told back as sentences, a rule each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import tomli_w

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.sanitise import printable
from nhcplanner.outputs.wording import terms


def scenario_toml(outcome: Outcome) -> str:
    """The scenario as a file that makes the same plan again."""
    return scenario_text(outcome.scenario, outcome.assessment.need.by)


def scenario_text(scenario: Scenario, by: str = "hle") -> str:
    """A scenario as TOML, its question above it; `by` is what areas are ordered by."""
    kept = scenario.model_dump(mode="json", exclude_none=True)
    question = printable(" ".join(terms.words(scenario, by).split()))  # a comment is one line
    return f"# {question}\n{tomli_w.dumps(kept)}"


def scenario_lines(scenario: Scenario, without: Collection[str] = ()) -> str:
    """What a scenario chooses otherwise than by default, as lines of its file.

    Examples
    --------
    >>> scenario_lines(Scenario(count=5, walk_kmh=4), without=["count"])
    'walk_kmh = 4.0'
    """
    chosen, usual = scenario.model_dump(mode="json"), Scenario().model_dump(mode="json")
    other = {key: value for key, value in chosen.items() if value != usual[key]}
    kept = {key: value for key, value in other.items() if key not in without and value is not None}
    return tomli_w.dumps(kept).strip()


_TOLD = {
    "title", "model", "mode", "modes", "reach", "horizon", "count", "budget", "bands",
    "band_edges", "everyone", "kinds", "keep", "forbid", "goals", "slack", "exactly", "at_most",
    "at_least", "at_most_one_of", "exactly_one_of", "min_distance_m", "floors", "backup",
    "least_people", "most_people", "need", "rules", "split", "time_limit",
}  # fmt: skip
"""Keys of a scenario that sentences tell of, or that are no rule of a plan."""


def sentences(scenario: Scenario, by: str = "hle") -> tuple[str, ...]:
    """All that a scenario asks, the question first.

    Parameters
    ----------
    scenario
        The choices.
    by
        What areas are ordered by, "hle" or "imd".

    Examples
    --------
    >>> sentences(Scenario(model="max_coverage", count=3, min_distance_m=800))[1]
    'Centres must be at least 800 m apart in a straight line.'
    """
    limit = f"The optimiser has {scenario.time_limit:g} seconds."
    return (*terms.list_rules(scenario, by), limit, *_others(scenario))


def _others(scenario: Scenario) -> Iterator[str]:
    """Choices that no sentence tells, as a scenario file writes them."""
    lines = scenario_lines(scenario, _TOLD).splitlines()
    if lines:
        yield f"Chosen otherwise than usual: {'; '.join(lines)}."
