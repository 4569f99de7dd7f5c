"""A session's work on the disk: opened by its owner's address, saved after each change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nhcplanner import layers
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers.saved import Saved, SavedPlan, content
from nhcplanner.pages.session import address, files, owner, places, queue, trash
from nhcplanner.pages.session.current import PLACE, UPLOAD, Kept
from nhcplanner.pages.session.files import Key
from nhcplanner.travel import Profile

_NOT_YOURS = (
    "The address names no saved work of yours, or it is gone: you begin anew, with the choices and "
    "the place that the address holds."
)
_NO_COOKIE = (
    "This browser takes no cookie from this app, so nothing is saved: a reload begins anew. "
    "Download your choices under Start, or allow the cookie."
)


def save(ours: Kept) -> None:
    """Write a session's work to its file; where the disk refuses, `unsaved` says why."""
    if not ours.lasts:
        return
    made = tuple(
        SavedPlan.of(
            one.plan,
            one.place,
            name=name,
            scenario=one.scenario,
            edits=ours.edits_of[name],
        )
        for name, one in ours.plans.items()
    )
    waiting = tuple(one for name, one in ours.waiting.items() if name not in ours.plans)
    work = Saved(ours.at, ours.scenario, ours.edits, (*waiting, *made), ours.shown)
    try:
        _write(ours, work)
    except InputError as error:
        ours.unsaved = _loss("; ".join(one.problem for one in error.faults), error.faults[0].hint)
    except OSError as error:
        ours.unsaved = _loss(error.strerror or type(error).__name__, "")
    else:
        ours.unsaved = ""


def _write(ours: Kept, work: Saved) -> None:
    if not files.hold(ours.key):
        part(ours)
        queue.attend(ours.key)
    folder = files.folder(ours.key)
    path = folder / files.WORK
    before = files.size(path) if path.exists() else 0
    files.check_quota(ours.key.owner, len(content(work)) - before)
    files.private(folder)
    files.hold(ours.key)
    layers.save(work, path)
    trash.mark_opened(folder)
    if ours.at.startswith(UPLOAD):
        trash.mark_opened(place_folder(ours))


def _loss(why: str, hint: str) -> str:
    return f"Your last changes are not saved, and are lost when this page closes: {why}. {hint}"


def part(ours: Kept) -> None:
    """Go on with a copy of some work that is open elsewhere."""
    ours.key = Key(ours.key.owner, files.new_name())
    ours.notices.append("This work is open in another window: here you go on with a copy.")


def opened(params: Mapping[str, str]) -> Kept:
    """The owner's work that an address names, or new work; never that of a session still open."""
    trash.tidy()
    known = owner.current_owner()
    ours = Kept(Key(known or owner.passing_owner(), files.new_name()), lasts=known is not None)
    given = params.get(address.WORK, "")
    if known is None:
        ours.notices.append(_NO_COOKIE)
    if not (given and _take_up(ours, given)) and address.PLACE in params:
        ours.at = f"{PLACE}{params[address.PLACE]}"
    try:
        asked = address.scenario(params, ours.scenario)
        check_profile(asked)
        ours.scenario = asked
    except InputError as error:
        ours.notices.append(f"The address holds a choice that cannot be used: {error}")
    return ours


def _take_up(ours: Kept, name: str) -> bool:
    """Go on with the owner's work of a name; says whether there is any.

    What others have is not looked for, so the answer for it is that for what is nobody's.
    """
    there = Key(ours.key.owner, name)
    if not ours.lasts or not files.is_name(name):
        return False
    if trash.restore(there.owner, files.WORKS, name):
        ours.notices.append("This work lay in the trash; it is back.")
    saved = (files.folder(there) / files.WORK).is_file()
    if not saved and not queue.is_known(there):
        ours.notices.append(_NOT_YOURS)
        return False
    if queue.free(there):
        ours.key = there
        if saved:
            trash.mark_opened(files.folder(there))
    else:
        part(ours)
    if not saved:
        return False
    taken = _take_back(ours, files.folder(there) / files.WORK)
    if not taken and ours.key == there:  # what cannot be read is not written over
        ours.key = Key(there.owner, files.new_name())
        files.release(there)
    return taken


def _take_back(ours: Kept, path: Path) -> bool:
    try:
        work = layers.read_saved(path)
        check_profile(work.scenario)
    except InputError as error:
        ours.notices.append(f"{error}. It stays where it is, and the session starts anew.")
        return False
    ours.at, ours.scenario, ours.edits = work.place, work.scenario, work.edits
    ours.waiting, ours.shown = {one.name: one for one in work.plans}, work.shown
    return True


def check_profile(asked: Scenario) -> None:
    """Refuse tables of speeds that are files: whoever asks would read the server's."""
    if asked.profile not in Profile.names():
        words = f"profile should be one of {', '.join(Profile.names())}"
        hint = "Tables of your own work on the command line alone"
        raise InputError([Fault(words, hint=hint)])


def place_folder(ours: Kept) -> Path:
    """Folder of the place; only of the owner's own uploads, and of what the app offers.

    Raises
    ------
    InputError
        For anything else.
    """
    kind, _, name = ours.at.partition(":")
    if f"{kind}:" == UPLOAD and files.UPLOAD.fullmatch(name):
        trash.restore(ours.key.owner, files.PLACES, name)
        return files.upload_folder(ours.key.owner, name)
    return places.place_folder(name if f"{kind}:" == PLACE else "")
