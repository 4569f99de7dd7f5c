"""Plans of a session: kept by name, opened when they are wanted, pinned, renamed and copied."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.assessment import KeyFigures, Outcome
from nhcplanner.domain.place import SiteEdit
from nhcplanner.outputs.sanitise import isolated
from nhcplanner.pages.session import rights, state, storage
from nhcplanner.pages.session.current import Session

MAX_PLANS = 100
"""Plans that a work keeps; beyond that the oldest one that is not pinned is removed."""
MAX_OPEN = 6
"""Plans in memory with all their figures; the others are opened when they are wanted."""
LONGEST_NAME = 40


def plans() -> Mapping[str, Outcome]:
    """Plans by name that are open, the oldest first; `plan_names` has the others too."""
    return MappingProxyType(state.current_session().plans)


def plan_names() -> list[str]:
    """Names of all plans, pinned ones first, then the oldest first."""
    session = state.current_session()
    return sorted(session.order, key=lambda name: name not in session.pinned)


def plan(name: str = "") -> Outcome | None:
    """Return an open plan by its name, or the one on screen; None if there is none."""
    session = state.current_session()
    return session.plans.get(name or session.plan_name)


def plan_edits(name: str) -> tuple[SiteEdit, ...]:
    """Return the site edits that a plan was made with."""
    return state.current_session().edits_of.get(name, ())


def plan_on_screen() -> str:
    """Name of the plan on screen; empty = none."""
    return state.current_session().plan_name


def failed_plan() -> tuple[str, Outcome] | None:
    """Return name and outcome of the last attempt, if it found no plan."""
    return state.current_session().failure


def key_figures() -> dict[str, KeyFigures]:
    """Key figures of every plan by name, in the order of `plan_names`; none of old files."""
    session = state.current_session()
    return {name: session.figures[name] for name in plan_names() if name in session.figures}


def is_pinned(name: str) -> bool:
    """Whether a plan is pinned."""
    return name in state.current_session().pinned


def keep_plan(name: str, outcome: Outcome, edits: tuple[SiteEdit, ...] | None = None) -> None:
    """Store a plan under a name and show it; beyond `MAX_PLANS` an old one is removed.

    An attempt that opens no centre takes no place and replaces nothing: see `failed_plan`.

    Parameters
    ----------
    name, outcome
        The plan.
    edits
        Site edits of its place; None = the current ones.

    Raises
    ------
    RefusalError
        If the person may only look.
    """
    rights.require_change(state.current_session(), "plan.keep")
    store_plan(name, outcome, edits)


def store_plan(name: str, outcome: Outcome, edits: tuple[SiteEdit, ...] | None = None) -> None:
    """Store a plan as `keep_plan` does; for saved plans that are opened, also to look at them."""
    session = state.current_session()
    if not outcome.plan.opened:
        session.failure = (name, outcome)
        return
    session.failure = None
    before = session.unopened.pop(name, None)
    session.plans.pop(name, None)
    session.plans[name] = outcome
    session.edits_of[name] = session.edits if edits is None else edits
    known = session.figures.get(name)
    session.figures[name] = KeyFigures.of(outcome) if before is None or known is None else known
    if name not in session.order:
        session.order.append(name)
    session.plan_name = name
    _remove_oldest(session)
    _close_oldest(session)
    state.save()


def show_plan(name: str) -> None:
    """Put another plan on screen; it is opened if it is not open."""
    session = state.current_session()
    session.plan_name, session.failure = name, None
    state.save()


def delete_plan(name: str) -> None:
    """Delete a plan."""
    session = state.current_session()
    rights.require_change(session, "plan.delete")
    _forget(session, name)
    if session.plan_name == name:
        session.plan_name = next(reversed(plan_names()), "")
    state.save()


def rename_plan(name: str, new: str) -> None:
    """Give a plan another name.

    Raises
    ------
    InputError
        If the new name is blank, too long, or that of another plan.
    """
    session = state.current_session()
    rights.require_change(session, "plan.rename")
    new = new.strip()
    _check_new(new)
    for one in _by_name(session):
        if name in one:
            one[new] = one.pop(name)
    session.order[session.order.index(name)] = new
    if name in session.pinned:
        session.pinned.symmetric_difference_update({name, new})
    session.plan_name = new if session.plan_name == name else session.plan_name
    state.save()


def pin_plan(name: str, pinned: bool) -> None:
    """Pin a plan, so that it comes first and is never removed for others; or end that."""
    session = state.current_session()
    rights.require_change(session, "plan.pin")
    (session.pinned.add if pinned else session.pinned.discard)(name)
    state.save()


def copy_plan(name: str) -> str:
    """Copy a plan under a free name, show the copy, and return its name."""
    session = state.current_session()
    rights.require_change(session, "plan.copy")
    base = f"Copy of {name}"[: LONGEST_NAME - 3]
    names = set(plan_names())
    new = next(
        one for one in (base, *(f"{base} {n}" for n in range(2, MAX_PLANS + 3))) if one not in names
    )
    for one in _by_name(session):
        if name in one:
            one[new] = one[name]
    session.order.append(new)
    session.plan_name = new
    _remove_oldest(session)
    _close_oldest(session)
    state.save()
    return new


def _check_new(name: str) -> None:
    """Reject a name that no plan may have."""
    problem = ""
    if not name:
        problem = "is blank"
    elif len(name) > LONGEST_NAME:
        problem = f"has more than {LONGEST_NAME} characters"
    elif name in plan_names():
        problem = "is the name of another plan"
    if problem:
        raise InputError([Fault(f"the new name {problem}", hint="Give another name")])


def _by_name(session: Session) -> tuple[dict[str, Any], ...]:
    """Everything that a session holds by the name of a plan."""
    return (session.plans, session.unopened, session.edits_of, session.figures)


def _forget(session: Session, name: str) -> None:
    for one in _by_name(session):
        one.pop(name, None)
    session.pinned.discard(name)
    session.order[:] = [other for other in session.order if other != name]


def _remove_oldest(session: Session) -> None:
    """Remove the oldest plans beyond `MAX_PLANS`, but no pinned one and not that on screen."""
    free = [one for one in session.order if one not in session.pinned | {session.plan_name}]
    for oldest in free[: max(0, len(session.order) - MAX_PLANS)]:
        _forget(session, oldest)
        session.notices.append(
            f"{isolated(oldest)} was removed: at most {MAX_PLANS} plans are kept. Pin plans to "
            "keep them."
        )


def _close_oldest(session: Session) -> None:
    """Keep only what is saved of plans beyond `MAX_OPEN`; not of the plan on screen."""
    names = [name for name in session.plans if name != session.plan_name]
    for name in names[: max(0, len(session.plans) - MAX_OPEN)]:
        session.unopened[name] = storage.saved_plan(session, name)
        del session.plans[name]
