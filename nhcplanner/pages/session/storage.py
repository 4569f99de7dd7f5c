"""A session's work on disk: opened by its owner's address, saved at every change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nhcplanner import layers
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.scenario import Scenario
from nhcplanner.hosting import audit, metrics
from nhcplanner.hosting.database import ConflictError
from nhcplanner.layers.planning_files import Saved, SavedPlan, content
from nhcplanner.pages.session import (
    current,
    files,
    journal,
    owner,
    queue,
    rights,
    shared_store,
    sharing,
    trash,
)
from nhcplanner.pages.session.current import PLACE, UPLOAD, Session
from nhcplanner.pages.session.files import Key
from nhcplanner.travel import Profile

_NOT_YOURS = (
    "The address names no saved work of yours, or that work was deleted. You start afresh with the "
    "choices and the place in the address."
)
_NO_SHARE = (
    "This link cannot be opened: it has ended, was made for another person, or its work was "
    "deleted. Ask the person who sent it for a new link."
)
_ENDED = (
    "{} ended without a result, because its page was closed or the server was started again. "
    "Everything that was saved is here; start it again if you need it."
)
_NO_COOKIE = (
    "This browser takes no cookie from this app, so nothing is saved and a reload starts afresh. "
    "Allow the cookie, or download your choices under Start."
)


def save(session: Session) -> None:
    """Write a session's work to its file; if the disk refuses, `save_error` says why."""
    is_lost = not session.can_be_saved or sharing.is_ended(session)
    if is_lost or not rights.may_change(session):
        return
    made = tuple(saved_plan(session, name) for name in session.order)
    work = Saved(
        session.place_id,
        session.scenario,
        session.edits,
        made,
        session.plan_name,
        records=session.records,
        is_tour_over=session.is_tour_over,
    )
    try:
        _write(session, work)
    except InputError as error:
        problems = "; ".join(fault.problem for fault in error.faults)
        session.save_error = _loss_message(problems, error.faults[0].hint)
    except OSError as error:
        session.save_error = _loss_message(error.strerror or type(error).__name__, "")
    else:
        session.save_error = ""
    outcome: audit.Outcome = "failed" if session.save_error else "done"
    metrics.SAVES.labels(outcome).inc()
    rights.record("work.save", outcome, work=session.key.name)


def saved_plan(session: Session, name: str) -> SavedPlan:
    """Return what a file holds of one of a session's plans."""
    more = {
        "name": name,
        "is_pinned": name in session.pinned,
        "figures": session.figures.get(name),
    }
    if name not in session.plans:
        return session.unopened[name].model_copy(update=more)
    outcome = session.plans[name]
    edits = session.edits_of[name]
    return SavedPlan.of(outcome.plan, outcome.place, scenario=outcome.scenario, edits=edits, **more)


def _write(session: Session, work: Saved) -> None:
    if not files.hold(session.key):
        continue_as_copy(session)
        queue.attend(session.key)
    folder = files.folder(session.key)
    path = folder / files.WORK
    before = files.size(path) if path.exists() else 0
    written = content(work)
    files.check_quota(session.key.owner, len(written) - before)
    try:
        shared_store.push(*session.key, written, trash.today())
    except ConflictError:  # changed by another server
        queue.leave(session.key)
        continue_as_copy(session)
        queue.attend(session.key)
        folder = files.folder(session.key)
        path = folder / files.WORK
        shared_store.push(*session.key, written, trash.today())
    files.make_private(folder)
    files.hold(session.key)
    layers.save(work, path)
    trash.mark_opened(folder)
    if session.place_id.startswith(UPLOAD):
        trash.mark_opened(place_folder(session))


def _loss_message(why: str, hint: str) -> str:
    return f"Your last changes are not saved and will be lost when this page closes: {why}. {hint}"


def continue_as_copy(session: Session) -> None:
    """Continue with a copy of work that is open elsewhere."""
    session.key = Key(session.visitor, files.new_name())
    session.token = ""
    session.notices.append(
        "This work is open in another window, so this window continues with a copy."
    )


def open_session(params: Mapping[str, str]) -> Session:
    """Return the work that an address names, a copy if it is open elsewhere, or new work."""
    trash.tidy()
    known = owner.current_owner()
    visitor = known or owner.temporary_owner()
    key = Key(visitor, files.new_name())
    session = Session(key, can_be_saved=known is not None, visitor=visitor)
    work_id = params.get(owner.WORK, "")
    if known is None:
        session.notices.append(_NO_COOKIE)
    else:
        _pull(session, visitor)
    if owner.SHARED in params:
        _open_shared(session, params[owner.SHARED])
        return session
    if not (work_id and _open_work(session, work_id)) and owner.PLACE in params:
        session.place_id = f"{PLACE}{params[owner.PLACE]}"
    rights.record("work.open", work=session.key.name)
    try:
        scenario = owner.scenario(params, session.scenario)
        check_profile(scenario)
        session.scenario = scenario
    except InputError as error:
        session.notices.append(f"A choice in the address cannot be used: {error}")
    return session


def _open_shared(session: Session, token: str) -> None:
    """Open the work that a share names, to change it or only to look at it."""
    try:
        share = sharing.find(token)
    except InputError as error:
        session.notices.append(f"This link cannot be opened now: {error}")
        return
    if share is not None:
        _pull(session, share.owner)
    path = None if share is None else files.folder(Key(share.owner, share.work)) / files.WORK
    if share is None or path is None or not path.is_file():
        session.notices.append(_NO_SHARE)
        rights.record("share.open", "refused")
        return
    source = Key(share.owner, share.work)
    session.source, session.token = source, token
    if share.right == "change" and rights.may_change(session):
        if queue.wait_until_free(source):
            session.key = source
        else:
            continue_as_copy(session)
    else:
        session.is_read_only, session.can_be_saved = True, False
    rights.record("share.open", work=share.work, detail=share.right)
    if not _read_work(session, path) and session.key == source:
        session.key = Key(session.visitor, files.new_name())
        files.release(source)


def _pull(session: Session, owner_id: str) -> None:
    """Bring an owner's folder up to date; where the database does not answer, say so."""
    try:
        shared_store.pull(owner_id)
    except InputError as error:
        session.notices.append(f"{error}. What you see may be old, and changes are not saved.")


def _open_work(session: Session, name: str) -> bool:
    """Open the owner's work of a name; return whether it was found.

    Only the owner's folder is searched, so other people's work and missing work look alike.
    """
    key = Key(session.key.owner, name)
    if not session.can_be_saved or not files.is_name(name):
        return False
    if trash.restore(key.owner, files.WORKS, name):
        session.notices.append("This work was in the trash and has been restored.")
    saved, is_known = (files.folder(key) / files.WORK).is_file(), queue.is_known(key)
    if not saved and not is_known:
        session.notices.append(_NOT_YOURS)
        return False
    if queue.wait_until_free(key):
        session.key = key
        if saved:
            trash.mark_opened(files.folder(key))
        if not is_known:
            session.notices += [_ENDED.format(label) for label in journal.take(key)]
    else:
        continue_as_copy(session)
    if not saved:
        return False
    is_read = _read_work(session, files.folder(key) / files.WORK)
    if not is_read and session.key == key:  # damaged work is not overwritten
        session.key = Key(key.owner, files.new_name())
        files.release(key)
    return is_read


def _read_work(session: Session, path: Path) -> bool:
    try:
        work = layers.read_saved(path)
        check_profile(work.scenario)
    except InputError as error:
        session.notices.append(f"{error}. The file is left as it is, and you start afresh.")
        return False
    session.place_id, session.scenario, session.edits = work.place, work.scenario, work.edits
    session.records, session.is_tour_over = work.records, work.is_tour_over
    session.unopened, session.plan_name = {plan.name: plan for plan in work.plans}, work.shown
    session.order = list(session.unopened)
    session.pinned = {plan.name for plan in work.plans if plan.is_pinned}
    session.figures = {plan.name: plan.figures for plan in work.plans if plan.figures}
    session.edits_of = {plan.name: plan.edits for plan in work.plans}
    return True


def check_profile(scenario: Scenario) -> None:
    """Refuse speed profiles that are files: the app would read files of its server."""
    if scenario.profile not in Profile.names():
        problem = f"profile should be one of {', '.join(Profile.names())}"
        hint = "Use the command line for a speed profile of your own"
        raise InputError([Fault(problem, hint=hint)])


def place_folder(session: Session) -> Path:
    """Return the folder of the place: an upload of the owner, or a place that the app offers.

    Raises
    ------
    InputError
        For anything else.
    """
    kind, _, name = session.place_id.partition(":")
    if f"{kind}:" == UPLOAD and files.UPLOAD.fullmatch(name):
        owner_id = session.source.owner if session.source else session.key.owner
        if not session.is_read_only:
            trash.restore(owner_id, files.PLACES, name)
        return files.upload_folder(owner_id, name)
    return current.place_folder(name if f"{kind}:" == PLACE else "")
