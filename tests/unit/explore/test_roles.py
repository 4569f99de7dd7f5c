"""Roles: always, often, sometimes, never, and whether that is proved."""

import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.explore import Near, alternatives, roles


def villages(**settings) -> Problem:
    """A site in each village, out of reach of the others."""
    people = [900, 100, 99, 98, 97, 10]
    minutes = np.where(np.eye(len(people)) == 1, 5.0, np.inf)
    return Problem.from_minutes(minutes, people=people, **({"count": 3} | settings))


def test_each_role():
    problem = villages()
    found = alternatives(problem, "max_coverage", Near(within=0.005, differ=1, number=3))
    told = {role.site: role for role in roles(problem, "max_coverage", found)}
    assert [told[site].use for site in (0, 1, 5)] == ["always", "often", "never"]
    assert (told[0].share, told[5].share) == (1, 0)
    assert all(role.proved for role in told.values())
    assert told[4].use == "sometimes"


def test_a_kept_site_is_in_every_plan_and_a_forbidden_one_is_left_out():
    problem = villages(keep=[5], forbid=[1])
    found = alternatives(problem, "max_coverage", Near(within=0.5, differ=1, number=2))
    told = {role.site: role for role in roles(problem, "max_coverage", found)}
    assert (told[5].use, told[5].proved) == ("always", True)
    assert 1 not in told


def test_stopped_at_once_nothing_is_claimed():
    problem = villages()
    found = alternatives(problem, "max_coverage", Near(within=0.005, differ=1, number=3))
    told = roles(problem, "max_coverage", found, progress=lambda _: False)
    assert [(role.use, role.proved) for role in told if role.site == 5] == [("never", False)]


def test_no_roles_without_alternatives():
    problem = villages()
    found = alternatives(problem, "set_cover")
    assert roles(problem, "set_cover", found) == ()
