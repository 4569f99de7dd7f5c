"""Long work that pages start, and the results they take from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from nhcplanner import workflow
from nhcplanner.base.errors import PlannerError
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place, SiteEdit
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.sanitise import isolated
from nhcplanner.pages.session import plan_list, projects, queue, rights, state
from nhcplanner.pages.session.current import Session
from nhcplanner.pages.session.queue import Job, OnResult

MAX_RESULTS = 12
"""Results that a session stores; the oldest is removed first."""
PLAN = "plan"


def start_work(
    label: str,
    work: Callable[..., Any],
    *arguments: object,
    slot: str,
    on_result: OnResult | None = None,
    has_partial_result: bool = False,
    is_look: bool = False,
) -> None:
    """Queue long work; every page shows its progress.

    Parameters
    ----------
    label
        What is being made, for the progress line, e.g. "Measuring who reaches a GP".
    work
        A function of a module; called with `arguments` and `progress` in another process.
    arguments
        Places, scenarios, plain values. `result_of` returns the result for equal arguments only.
    slot
        Name under which the result is stored; earlier work for the same slot is dropped.
    on_result
        Called with the result when it has arrived.
    has_partial_result
        Whether it can return something useful whenever it is stopped.
    is_look
        Whether people who may only look may start it too.

    Raises
    ------
    RefusalError
        If the person may not.
    """
    session, name = state.current_session(), work.__name__
    if not is_look:
        rights.require_change(session, f"job.start {name}")
    rights.record("job.start", work=session.key.name, detail=name)
    job = Job(label, work, arguments, slot, on_result, has_partial_result)
    queue.queue_of(session.key).add(job)


def result_of(slot: str, *arguments: object) -> Any:
    """Return the result of work for a slot with these arguments; None until there is one.

    Raises
    ------
    PlannerError
        The error that the work ended with.
    """
    stored = state.current_session().results.get(slot)
    if stored is None or not _equal(stored[0], arguments):
        return None
    if isinstance(stored[1], PlannerError):
        raise stored[1]
    return stored[1]


def is_working(slot: str, *arguments: object) -> bool:
    """Whether work for a slot with these arguments is waiting or running."""
    return any(job.slot == slot and _equal(job.arguments, arguments) for job in jobs())


def latest_report(slot: str, field: str) -> Any:
    """Return a field of the latest report of a slot's running work; None if it has none."""
    report = next((job.report for job in jobs() if job.slot == slot), None)
    return getattr(report, field, None)


def jobs() -> tuple[Job, ...]:
    """The session's jobs that are waiting, running, or done and not yet taken."""
    return queue.queue_of(state.current_session().key).jobs


def stop_job(job: Job) -> None:
    """Stop a job: it returns its best so far, or ends at once while it only measures.

    A second call ends it at once, without a result.
    """
    job.stop()


def take_results() -> bool:
    """Store the results of jobs that are done, each in its own project; return whether any were."""
    session = state.current_session()
    found = _take(session)
    for other in list(session.others):
        with projects.acting_as(other):
            is_any = _take(other)
        if is_any and other.save_error:
            session.notices.append(other.save_error)
        elif is_any:
            names = ", ".join(other.figures) or "its work"
            session.notices.append(f"Ready in another of your projects: {isolated(names)}.")
        if not queue.queue_of(other.key).jobs:
            session.others.remove(other)
            queue.leave(other.key)
    return found


def _take(session: Session) -> bool:
    done = queue.queue_of(session.key).take()
    for job in done:
        if job.error is not None and job.on_result is not None:
            session.notices.append(str(job.error))
            continue
        session.results.pop(job.slot, None)
        while len(session.results) >= MAX_RESULTS:
            del session.results[next(iter(session.results))]
        session.results[job.slot] = (job.arguments, job.error or job.result)
        if job.on_result is not None:
            job.on_result(job.result)
    return bool(done)


def make_plan(name: str) -> None:
    """Start planning the session's scenario for its place; the plan is then on screen."""
    place, scenario = state.place(), state.scenario()
    on_result = partial(_keep_plan, name, place, state.edits())
    slot = f"{PLAN} {name}"
    start_work(
        f"Making {isolated(name)}",
        workflow.make_plan,
        place,
        scenario,
        slot=slot,
        on_result=on_result,
    )


def reopen_plans(*names: str) -> None:
    """Queue, once each, the opening of the plan on screen and of other plans that are wanted."""
    session = state.current_session()
    for name in dict.fromkeys((session.plan_name, *names)):
        saved = session.unopened.get(name)
        if saved is None or name in session.reopening:
            continue
        session.reopening.add(name)
        is_current = saved.edits == session.edits
        place = (
            state.place() if is_current else workflow.with_edits(state.base_place(), saved.edits)
        )
        start_work(
            f"Opening {isolated(name)} again",
            workflow.replan,
            place,
            saved.scenario,
            saved.to_plan(place, name),
            slot=f"{PLAN} {name}",
            on_result=partial(_keep_plan, name, place, saved.edits),
            is_look=True,
        )


def _keep_plan(name: str, place: Place, edits: tuple[SiteEdit, ...], outcome: Outcome) -> None:
    """Keep a plan with the session's own place, not the other process's copy of it."""
    plan_list.store_plan(name, replace(outcome, place=place), edits)


def _equal(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether arguments are the same; identity first, since places are large to compare."""
    return len(one) == len(other) and all(a is b or a == b for a, b in zip(one, other, strict=True))


MAX_STEPS = 50


def answer(key: str) -> Any:
    """Return a widget's latest answer before it is drawn again; None if it has none."""
    return st.session_state.get(key)


def latest_index(name: str, *answers: Any) -> int | None:
    """Return which of several answers to one question changed last; None if all are empty.

    Parameters
    ----------
    name
        The question, e.g. "need_area": an area may be chosen on the map or in a table.
    answers
        The current answer of each widget.
    """
    key = f"latest index {name}"
    before, latest = st.session_state.get(key, ((None,) * len(answers), None))
    for number, (old, new) in enumerate(zip(before, answers, strict=True)):
        if new is not None and new != old:
            latest = number
    st.session_state[key] = (answers, latest)
    return latest if latest is not None and answers[latest] is not None else None


def latest_answer(name: str, *answers: Any) -> Any:
    """Return the latest answer of several widgets, also after one of them was reset.

    Parameters
    ----------
    name
        The question.
    answers
        The current answer of each widget; None if it has none.
    """
    key = f"latest answer {name}"
    before, latest = st.session_state.get(key, ((None,) * len(answers), None))
    for old, new in zip(before, answers, strict=True):
        if new is not None and new != old:
            latest = new
    st.session_state[key] = (answers, latest)
    return latest


def site_choices() -> workflow.Choices:
    """Edits of the sites, and which sites must or must not open."""
    scenario = state.scenario()
    return workflow.Choices(state.edits(), scenario.keep, scenario.forbid, state.records())


def choose_sites(choices: workflow.Choices) -> Place:
    """Replace the current choices, all of them or none; `undo` takes this back.

    Raises
    ------
    InputError
        If an edit has a fault; nothing is then changed.
    """
    before = site_choices()
    if choices == before:
        return state.place()
    place = _apply(choices)
    session = state.current_session()
    session.undo_steps.append(before)
    del session.undo_steps[:-MAX_STEPS]
    session.redo_steps.clear()
    return place


def undo_count() -> int:
    """Number of changes of the list that can be undone."""
    return len(state.current_session().undo_steps)


def redo_count() -> int:
    """Number of undone changes of the list that can be made again."""
    return len(state.current_session().redo_steps)


def undo() -> None:
    """Undo the last change of the list; `redo` makes it again."""
    session = state.current_session()
    _step(session.undo_steps, session.redo_steps)


def redo() -> None:
    """Make the change of the list again that was undone last."""
    session = state.current_session()
    _step(session.redo_steps, session.undo_steps)


def _step(source: list[workflow.Choices], other: list[workflow.Choices]) -> None:
    """Apply the last step of one list, and let the other lead back to the present choices."""
    if source:
        before = site_choices()
        _apply(source[-1])
        other.append(before)
        source.pop()


def _apply(choices: workflow.Choices) -> Place:
    settings = state.scenario().model_dump() | {"keep": choices.keep, "forbid": choices.forbid}
    scenario = Scenario.from_settings(settings)
    place = state.set_edits(choices.edits, choices.records)
    state.set_scenario(scenario)
    return place
