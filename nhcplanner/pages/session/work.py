"""Long work as pages ask for it: put in the session's queue, found when it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from nhcplanner import workflow
from nhcplanner.base.errors import PlannerError
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place, SiteEdit
from nhcplanner.pages.session import queue, state
from nhcplanner.pages.session.queue import Job, Then

MOST_FOUND = 12
PLAN = "plan"


def ask(
    label: str,
    work: Callable[..., Any],
    *arguments: object,
    slot: str,
    then: Then | None = None,
    gives: bool = False,
) -> None:
    """Ask for long work; the frame of every page shows how far it has come.

    Parameters
    ----------
    label
        What is being made, in words, e.g. "Measuring who reaches a GP".
    work
        A function of a module; called with `arguments` and `progress` in another process.
    arguments
        Places, scenarios, plain values. `found` gives the result for these and no others.
    slot
        Name under which the result is kept; what is under way for the same slot is dropped.
    then
        Called with the result once it is there.
    gives
        Whether it ends with something worth having whenever it is stopped.
    """
    queue.queue_of(state.session_state().key).ask(Job(label, work, arguments, slot, then, gives))


def found(slot: str, *arguments: object) -> Any:
    """What long work made in a slot of these very arguments; None where it has not.

    Raises
    ------
    PlannerError
        What that work failed with.
    """
    made = state.session_state().found.get(slot)
    if made is None or not _same(made[0], arguments):
        return None
    if isinstance(made[1], PlannerError):
        raise made[1]
    return made[1]


def busy(slot: str, *arguments: object) -> bool:
    """Whether work for a slot with these arguments waits or is under way."""
    return any(job.slot == slot and _same(job.arguments, arguments) for job in jobs())


def reported(slot: str, what: str) -> Any:
    """A part of the latest report of a slot's work under way; None where it has none."""
    latest = next((job.report for job in jobs() if job.slot == slot), None)
    return getattr(latest, what, None)


def jobs() -> tuple[Job, ...]:
    """The session's long work that is waiting, under way, or done and not yet taken."""
    return queue.queue_of(state.session_state().key).jobs


def cancel(job: Job) -> None:
    """Stop a job: with its best where it has one, and at once while it only measures.

    Stopped a second time it ends at once, with nothing.
    """
    job.stop()


def take() -> bool:
    """Take in what is done; says whether there was any."""
    done = queue.queue_of(state.session_state().key).take()
    for job in done:
        if job.error is not None and job.then is not None:
            state.session_state().notices.append(str(job.error))
            continue
        kept = state.session_state().found
        kept.pop(job.slot, None)
        while len(kept) >= MOST_FOUND:
            del kept[next(iter(kept))]
        kept[job.slot] = (job.arguments, job.error or job.result)
        if job.then is not None:
            job.then(job.result)
    return bool(done)


def make_plan(name: str) -> None:
    """Plan the session's scenario for its place, under a name; the plan is then on screen."""
    place, scenario = state.place(), state.scenario()
    then = partial(_keep, name, place, state.edits())
    ask(f"Making {name}", workflow.make_plan, place, scenario, slot=f"{PLAN} {name}", then=then)


def reopen() -> None:
    """Ask, once, that plans which a reload has brought back from disk be worked out again."""
    ours = state.session_state()
    if ours.asked:
        return
    ours.asked = True
    for name, one in ours.waiting.items():
        same = one.edits == ours.edits
        place = state.place() if same else workflow.with_edits(state.base_place(), one.edits)
        ask(
            f"Opening {name} again",
            workflow.replan,
            place,
            one.scenario,
            one.to_plan(place, one.name),
            slot=f"{PLAN} {name}",
            then=partial(_keep, name, place, one.edits),
        )


def _keep(name: str, place: Place, edits: tuple[SiteEdit, ...], outcome: Outcome) -> None:
    """Keep a plan with the place it was asked for, not the other process's copy of it."""
    state.keep_plan(name, replace(outcome, place=place), edits)


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return len(one) == len(other) and all(a is b or a == b for a, b in zip(one, other, strict=True))
