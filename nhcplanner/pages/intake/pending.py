"""The list that waits to be added: its file, rows and the answers of the user."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import Place
from nhcplanner.pages import session
from nhcplanner.workflow import intake
from nhcplanner.workflow.intake import Decisions

ONE_BY_ONE = "one by one"


@dataclass(eq=False)
class Pending:
    """A list that is not added yet, or the result of the latest one.

    Parameters
    ----------
    name, content, sha
        The file.
    upload, error
        Its rows, or the error of reading it.
    words, keys
        Widgets of the page: (column of the schema, word), and keys of questions.
    cells, left_out, matches
        Corrections, rows that are left out, and what to do with rows that may be in the place.
    read
        The latest review, with the place and the decisions that it is for.
    done
        Sentence on what was added; empty until then.
    role
        "sites"; for files of a place also "areas" or "table".
    options
        Answers about how the file is to be read, also while another question is still open.
    """

    name: str
    content: bytes
    sha: str
    upload: intake.Upload | None = None
    error: InputError | None = None
    words: list[tuple[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    cells: dict[tuple[int, str], str] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    matches: dict[int, str] = field(default_factory=dict)
    read: tuple[Place, Decisions, intake.Review] | None = None
    done: str = ""
    role: str = "sites"
    options: dict[str, str] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """Prefix of the names of answers about this list."""
        sheet = self.upload.table.intake.sheet if self.upload else ""
        return f"upload {self.sha[:12]} {sheet}"

    def load(self, **options: str) -> None:
        """Read the file, with answers about it."""
        self.options |= options
        self.cells, self.left_out, self.matches, self.read = {}, set(), {}, None
        try:
            upload = intake.receive(self.content, self.name, self.options, self.role)
            self.upload, self.error = upload, None
        except InputError as error:
            self.error = error


@dataclass(eq=False)
class PendingPlace:
    """Files of a place, or tables to add to one, that wait to be confirmed.

    Parameters
    ----------
    is_new
        Whether the files make a new place; else the tables are added to the open one.
    files
        The files so far.
    is_ready
        Whether the user has gone on from uploading to checking.
    read
        The latest review, with the place and the decisions that it is for.
    """

    is_new: bool
    files: list[Pending] = field(default_factory=list)
    is_ready: bool = False
    read: tuple[object, object, intake.PlaceReview] | None = None


def pending_list() -> Pending | None:
    """Return the list of sites that waits on the page Sites; None if there is none."""
    found = session.upload()
    return found if isinstance(found, Pending) else None


def pending_place() -> PendingPlace | None:
    """Return the files of a place that wait on the page Start; None if there are none."""
    found = session.upload()
    return found if isinstance(found, PendingPlace) else None


def cancel_button() -> None:
    """Draw the button that drops the list."""
    if st.button("Cancel: add nothing"):
        session.keep_upload(None)
        st.rerun()


def decisions_of(pending: Pending, upload: intake.Upload) -> Decisions:
    """Return the decisions so far, from the answers of the widgets."""
    start = pending.prefix
    guesses = upload.guesses

    def stored(name: str) -> Any:
        return session.stored_answer(f"{start} {name}")

    columns = [(name, stored(f"column {n}")) for n, name in enumerate(upload.columns)]
    words = [(pair, stored(f"word {pair}")) for pair in pending.words]
    answers = [(key, stored(f"answer {key}")) for key in dict.fromkeys(pending.keys)]
    matches = stored("matches")
    return Decisions(
        columns=tuple((name, ours) for name, ours in columns
                      if ours is not None and ours != guesses.get(name)),
        words=tuple((pair, ours) for pair, ours in words if ours),
        answers=tuple((key, answer) for key, answer in answers if answer),
        cells=tuple(pending.cells.items()),
        left_out=frozenset(pending.left_out),
        no_faulty=bool(stored("no faulty")),
        no_far=bool(stored("no far")),
        matches=tuple(pending.matches.items()) if matches == ONE_BY_ONE
        else ((0, matches),) if matches else (),
    )  # fmt: skip


def widget_key(pending: Pending, name: str, value: object, among: Any = None) -> str:
    """Return the key of a widget about this list, with its first value."""
    return session.widget_key(f"{pending.prefix} {name}", value, among)
