"""Mapping screen of an uploaded list: columns, words, problems and duplicates, then a summary."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import pandas as pd
import streamlit as st

from nhcplanner.base.errors import Fault, InputError, without_folders
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.columns import SITES
from nhcplanner.domain.intake import Question, questions_of
from nhcplanner.domain.place import Place
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import session, uploaded_files
from nhcplanner.pages.session import plain
from nhcplanner.workflow import intake
from nhcplanner.workflow.intake import ADD, CHANGE, LEAVE_OUT, NOT_USED, Decisions

MAX_MB = 20
MOST_ROWS = 200
"""Rows with problems that the table shows at once."""
MOST_SENTENCES = 3
"""Problems of a file that are shown as sentences; more become a table."""
MOST_HINTS = 6
ROW_HEIGHT = 72
"""Height of a row with problems, in which three lines fit."""
MOST_COLUMNS = 12
"""Columns of the list that the table of rows with problems shows."""
TYPES = ["xlsx", "xlsm", "xlsb", "xls", "ods", "csv", "tsv", "geojson", "gpkg", "parquet"]
FIELDS = {
    NOT_USED: "Not used",
    **{column.name: f"{column.label} ({column.unit})" if column.unit else column.label
       for column in SITES},
    "cost": "Cost (pounds, paid once)",
    "easting": "Easting (metres)",
    "northing": "Northing (metres)",
    "lon": "Longitude (degrees)",
    "lat": "Latitude (degrees)",
    "grid_reference": "Grid reference",
}  # fmt: skip
STATUSES = {
    "existing": "existing (a centre open today)",
    "committed": "committed (a centre that will open)",
    "candidate": "candidate (may open)",
    "forbidden": "forbidden (must not open)",
}
ANSWERS = {
    "building": "Existing buildings that may become a centre",
    "nhc": "Neighbourhood health centres that are open today",
    "accept": "Use the figures as they are",
    "keep": "Keep both rows as sites of their own",
    "pounds": "Pounds",
    "thousands": "Thousands of pounds",
    "millions": "Millions of pounds",
    "m2": "Square metres (m2)",
    "sq ft": "Square feet",
}
MATCHES = {
    CHANGE: "The same site: change the site of the place",
    LEAVE_OUT: "Leave out",
    ADD: "Another site: add it",
}
ONE_BY_ONE = "one by one"
_OPTION = re.compile(r";?\s*(or\s+)?--assume \S+( reads them)?|Say --assume.*$")
"""How to answer on the command line, in a sentence; the page has widgets for it."""


@dataclass(eq=False)
class Pending:
    """A list that is not added yet, or the result of the latest one.

    Parameters
    ----------
    name, content, sha
        The file.
    upload, error
        Its rows, or why it cannot be read.
    words, keys
        What the page asks: (our column, word), and keys of questions.
    cells, left_out, matches
        Corrections, rows that are left out, and what to do with rows that may be in the place.
    read
        The latest review, with what it was made from.
    done
        What was added; empty while nothing is.
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

    @property
    def prefix(self) -> str:
        """Prefix of the names of answers about this list."""
        sheet = self.upload.table.intake.sheet if self.upload else ""
        return f"upload {self.sha[:12]} {sheet}"

    def load(self, **options: str) -> None:
        """Read the file, with answers about it."""
        given = {**dict(self.upload.options if self.upload else ()), **options}
        self.cells, self.left_out, self.matches, self.read = {}, set(), {}, None
        try:
            upload = intake.receive(self.content, self.name, given)
            self.upload, self.error = upload, None
        except InputError as error:
            self.error = error


def fault_table(error: InputError, what: str) -> None:
    """Draw how many problems there are, and each with its row, column and hint.

    Parameters
    ----------
    error
        The problems.
    what
        Name of the checked file or table.
    """
    problems = plural(len(error.faults), "problem")
    st.error(f"{problems} in {plain(what)}. Nothing was changed: correct it and try again.")
    frame = pd.DataFrame(
        {
            "Row": fault.row,
            "Column": fault.column,
            "Problem": without_folders(
                fault.problem
                if fault.row is not None or not fault.file
                else f"{fault.file}: {fault.problem}"
            ),
            "What to do": without_folders(_app_words(fault.hint)),
        }
        for fault in error.faults
    )
    frame["Row"] = frame["Row"].astype("Int64")
    st.dataframe(frame, hide_index=True, placeholder="")


def is_pending() -> bool:
    """Whether a list that was read waits to be added."""
    pending: Pending | None = session.upload()
    return pending is not None and pending.upload is not None and pending.error is None


def show_result() -> None:
    """Say once what was added: the tabs below begin again at the first one."""
    pending: Pending | None = session.upload()
    if pending is not None and pending.done:
        st.success(f"{plain(pending.name)}: {pending.done} Undo last change takes it back.")
        session.keep_upload(None)


def uploader() -> None:
    """Draw the uploader, and what became of the latest file."""
    st.warning(
        "Upload a list of buildings only. **Never upload anything about patients.**",
        icon=":material/shield_person:",
    )
    given = st.file_uploader(
        f"Your own list: Excel, CSV or GIS layer, up to {MAX_MB} MB",
        type=TYPES,
        max_upload_size=MAX_MB,
        key=session.upload_key(),
        help="Nothing is added before you have seen a summary and confirmed it.",
    )
    pending = _pending(given)
    if pending is None:
        return
    if pending.error is not None:
        _refusal(pending)
    else:
        if given is not None:
            uploaded_files.release(given)
        st.rerun()


@session.fragment
def steps(place: Place) -> None:
    """Draw every step of a list that waits to be added, until it is added or cancelled."""
    pending: Pending | None = session.upload()
    if pending is None or pending.upload is None or pending.error is not None:
        st.rerun()
    else:
        _steps(place, pending, pending.upload)


def _pending(given: Any) -> Pending | None:
    pending: Pending | None = session.upload()
    if given is None:
        return pending
    content = given.getvalue()
    sha = sha256(content).hexdigest()
    if pending is None or (pending.sha, pending.name) != (sha, given.name):
        pending = Pending(given.name, content, sha)
        with st.spinner("Reading the list"):
            pending.load()
        if pending.error is not None and intake.patient_columns(pending.error):
            pending.content, pending.sha = b"", ""
            session.keep_upload(None)  # empties the uploader, so that nothing is kept
            uploaded_files.release(given)
            session.keep_upload(pending)
            st.rerun()
        session.keep_upload(pending)
    return pending


def _refusal(pending: Pending) -> None:
    """Say why a file cannot be read, with the questions that can be answered here."""
    error = pending.error
    if error is None:
        return
    patients = intake.patient_columns(error)
    if patients:
        several = "Column" if len(patients) == 1 else "Columns"
        look = "looks" if len(patients) == 1 else "look"
        st.error(
            f"**{plain(pending.name)} was not read.** {several} {plain(shortened(patients))} "
            f"{look} like data about patients. Nothing was kept. Remove these columns, and check "
            "with whoever looks after data protection before you share the file."
        )
        return
    asked = questions_of(error)
    if asked and len(asked) == len(error.faults):
        for question in asked:
            key = question.key.rpartition(":")[2]
            chosen = st.selectbox(
                f"{plain(pending.name)} {plain(question.problem)}. Which should be read?",
                question.answers,
                index=None,
                placeholder="Choose",
                key=f"{pending.prefix} {key}",
            )
            if chosen is not None:
                pending.load(**{key: str(chosen)})
                st.rerun()
    elif len(error.faults) <= MOST_SENTENCES:
        for fault in error.faults:
            st.error(plain(without_folders(_app_words(str(fault)))))
    else:
        fault_table(error, pending.name)
    _cancel()


def _cancel() -> None:
    if st.button("Cancel: add nothing"):
        session.keep_upload(None)
        st.rerun()


def _steps(place: Place, pending: Pending, upload: intake.Upload) -> None:
    decisions = _decisions(pending, upload)
    basis = replace(decisions, matches=(), no_faulty=False, no_far=False)
    if pending.read is None or pending.read[0] is not place or pending.read[1] != basis:
        with st.spinner("Checking the list"):
            pending.read = (place, basis, intake.review(place, upload, basis))
    found = pending.read[2]
    pending.words = [(one.column, one.word) for one in found.words]
    pending.keys = [*(f"{ours}.unit" for ours in found.units), *found.questions]
    now = session.site_choices()
    seen = intake.preview(session.base_place(), place, found, decisions, now)
    st.subheader(f"Upload a list: {plain(pending.name)}", anchor=False)
    _waiting(seen)
    _columns(pending, upload, found)
    _words(pending, found)
    _questions(pending, upload, found)
    _problems(pending, upload, found, decisions)
    _matches(pending, found)
    _summary(pending, found, seen)


def _waiting(seen: intake.Preview) -> None:
    """Say what is still to do, or that nothing is."""
    if seen.waiting:
        listed = "\n".join(f"- {sentence}" for sentence in seen.waiting)
        st.info(f"Before the list can be added:\n\n{listed}")
    elif seen.added or seen.changed:
        st.info("Check how the list was read. Nothing is added until you confirm it below.")
    else:
        st.info("The place has these sites as the list says already: there is nothing to add.")


def _decisions(pending: Pending, upload: intake.Upload) -> Decisions:
    """What the user decided so far, by the widgets' answers."""
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


def _key(pending: Pending, name: str, value: object, among: Any = None) -> str:
    return session.widget_key(f"{pending.prefix} {name}", value, among)


def _columns(pending: Pending, upload: intake.Upload, found: intake.Review) -> None:
    st.subheader("Columns", anchor=False)
    _source(pending, upload)
    guesses = upload.guesses
    rest = []
    for n, one in enumerate(found.columns):
        if guesses.get(one.theirs) or one.problem or one.theirs not in guesses:
            _column(pending, n, one, guesses)
        else:
            rest.append((n, one))
    if rest:
        columns = plural(len(rest), "column")
        label = f"{columns} not recognised: not used unless you choose what to use them as"
        with st.expander(label, expanded=len(rest) <= 6):
            for n, one in rest:
                _column(pending, n, one, guesses)


def _source(pending: Pending, upload: intake.Upload) -> None:
    """Say where the rows were found, and offer other sheets and hidden rows."""
    record = upload.table.intake
    where = [f"sheet {record.sheet}"] if record.sheet else []
    where += [f"headings in row {record.heading_row}"] if record.heading_row else []
    where += [plural(len(upload.table.frame), "row"), plural(len(upload.columns), "column")]
    st.markdown(f"**{plain(pending.name)}**: {plain(', '.join(where))}.")
    if len(upload.table.sheets) > 1:
        sheet = st.selectbox(
            "Sheet to read",
            upload.table.sheets,
            index=upload.table.sheets.index(record.sheet),
            key=f"{pending.prefix} sheet",
        )
        if sheet != record.sheet:
            pending.load(sheet=sheet)
            st.rerun()
    if record.rows_hidden:
        is_read = dict(upload.options).get("hidden") == "read"
        rows = plural(record.rows_hidden, "hidden or filtered row")
        wanted = st.checkbox(f"Also read {rows}", value=is_read, key=f"{pending.prefix} hidden")
        if wanted != is_read:
            pending.load(hidden="read" if wanted else "")
            st.rerun()


def _column(
    pending: Pending, number: int, one: intake.ColumnChoice, guesses: dict[str, str]
) -> None:
    words, choice = st.columns([3, 2], vertical_alignment="center")
    samples = "; ".join(one.samples) or "no values"
    words.markdown(f"**{plain(one.theirs)}**  \n{plain(samples)}")
    guess = guesses.get(one.theirs)
    choice.selectbox(
        f"Use column {plain(one.theirs)} as",
        list(FIELDS),
        index=None if guess is None else 0,
        format_func=FIELDS.__getitem__,
        placeholder="Choose",
        key=_key(pending, f"column {number}", guess),
        label_visibility="collapsed",
    )
    if one.problem:
        words.error(plain(_sentence(one.problem)))


def _words(pending: Pending, found: intake.Review) -> None:
    for column, label in (("status", "Status"), ("works", "Works"), ("kind", "Kind")):
        words = [one for one in found.words if one.column == column]
        if not words:
            continue
        unknown = sum(not one.ours for one in words if one.word)
        open_now = f", {unknown:,} not known" if unknown else ""
        heading = f"Words of {label}: {plural(len(words), 'word')}{open_now}"
        with st.expander(heading, expanded=bool(unknown) or column == "status"):
            for one in words[: intake.MOST_WORDS]:
                _word(pending, one)
            if len(words) > intake.MOST_WORDS:
                rest = len(words) - intake.MOST_WORDS
                st.caption(f"{plural(rest, 'more word')} kept as they are.")


def _word(pending: Pending, one: intake.WordChoice) -> None:
    options = list(intake.WORD_COLUMNS[one.column])
    blank = "" if one.word or one.column != "status" else "candidate"
    start = one.guess or blank
    options += [start] if start and start not in options else []
    words, choice = st.columns([3, 2], vertical_alignment="center")
    shown = plain(one.word) if one.word else "Blank, TBC or the like"
    words.markdown(f"{shown} ({plural(one.count, 'row')})")
    choice.selectbox(
        f"{shown} means",
        options,
        index=0 if start else None,
        format_func=_word_label(one.column),
        placeholder="Choose",
        key=_key(pending, f"word {(one.column, one.word)}", start or None),
        label_visibility="collapsed",
    )
    if one.word and not one.ours:
        words.error("Say what this word means.")


def _word_label(column: str) -> Any:
    if column == "status":
        return lambda word: STATUSES.get(word, word)
    return terms.kind if column == "kind" else str


def _questions(pending: Pending, upload: intake.Upload, found: intake.Review) -> None:
    asked = {key: qs for key, qs in found.questions.items() if not intake.is_word_question(key)}
    units = [ours for ours in found.units if f"{ours}.unit" not in asked]
    if not asked and not units:
        return
    st.subheader("Units and questions", anchor=False)
    names = {one.ours: one.theirs for one in found.columns if one.ours}
    for key, questions in asked.items():
        _question(pending, upload, key, questions)
    for ours in units:
        options = ["", *intake.UNITS[ours]]
        named = found.units[ours]
        silent = "as each cell says" if ours == "floor_area_m2" else "pounds, unless a cell says"
        start = f"As the heading says: {named}" if named else f"Not in the heading: {silent}"
        words, choice = st.columns([3, 2], vertical_alignment="center")
        words.markdown(f"Unit of **{plain(names[ours])}**")
        choice.selectbox(
            f"Unit of {plain(names[ours])}",
            options,
            format_func=lambda unit, start=start: ANSWERS.get(unit, unit) if unit else start,
            key=_key(pending, f"answer {ours}.unit", "", options),
            label_visibility="collapsed",
        )


def _question(
    pending: Pending, upload: intake.Upload, key: str, questions: tuple[Question, ...]
) -> None:
    for one in questions:
        where = f"Column {one.column} " if one.column in upload.columns else ""
        words = f"{where}{_app_words(one.problem)}"
        st.markdown(plain(_sentence(words[:1].upper() + words[1:])))
    options = list(questions[0].answers)
    if not options:
        st.text_input("Answer", key=_key(pending, f"answer {key}", ""))
        return
    st.radio(
        "Your answer" if len(options) > 1 else "Your answer, if the list is right as it is",
        options,
        index=None,
        format_func=_answer_label,
        key=_key(pending, f"answer {key}", None),
        horizontal=len(options) > 2,
    )


def _answer_label(answer: str) -> str:
    return plain(ANSWERS.get(answer, answer))


def _problems(
    pending: Pending, upload: intake.Upload, found: intake.Review, decisions: Decisions
) -> None:
    """Draw the rows with problems as a table to correct, or to leave out."""
    for fault in (one for one in found.blocking if one.column not in upload.columns):
        st.error(plain(_sentence(_app_words(f"{fault.problem}. {fault.hint}"))))
    doubts = [
        one
        for key in found.open_keys
        for one in found.questions[key]
        if one.row is not None and (key == "duplicates" or key.endswith(".check"))
    ]
    faults = [
        *(() if decisions.no_faulty else found.faults),
        *(() if decisions.no_far else found.far),
        *doubts,
    ]
    if not (found.faults or found.far or doubts) and not pending.cells and not pending.left_out:
        return
    heading = "Rows with problems" if found.faults or found.far else "Rows to check"
    st.subheader(heading, anchor=False)
    if found.faults:
        rows = plural(len(found.open_rows), "row")
        st.checkbox(f"Leave out {rows} with problems, and add the others",
                    key=_key(pending, "no faulty", value=False))  # fmt: skip
    if found.far:
        rows = plural(len(found.far), "row")
        st.checkbox(f"Leave out {rows} outside the place",
                    key=_key(pending, "no far", value=False))  # fmt: skip
    if faults:
        _editor(pending, upload, found, faults)
    if pending.cells or pending.left_out:
        done = f"{plural(len(pending.cells), 'cell')} corrected"
        left = f"{plural(len(pending.left_out), 'row')} left out"
        text, undo = st.columns([4, 1], vertical_alignment="center")
        text.caption(f"So far: {done}, {left}.")
        if undo.button("Undo corrections", width="stretch"):
            pending.cells, pending.left_out = {}, set()
            session.rerun()


def _editor(
    pending: Pending, upload: intake.Upload, found: intake.Review, faults: list[Fault]
) -> None:
    problems: dict[int, list[str]] = {}
    for fault in sorted(faults, key=lambda one: one.row or 0):
        column = f"{fault.column}: " if fault.column in upload.columns else ""
        words = _sentence(_app_words(f"{column}{fault.problem}"))
        problems.setdefault(fault.row or 0, []).append(words)
    rows = list(problems)[:MOST_ROWS]
    named = dict.fromkeys(fault.column for fault in faults if fault.column in upload.columns)
    used = [one.theirs for one in found.columns if one.ours]
    columns = list(dict.fromkeys([*named, *used]))[: max(MOST_COLUMNS, len(named))]
    table = upload.cells(rows, columns, pending.cells)
    frame = pd.DataFrame(table, columns=[f"c{n}" for n in range(len(columns))])
    frame.insert(
        0, "problem", [without_folders(" ".join(dict.fromkeys(problems[row]))) for row in rows]
    )
    frame.insert(0, "leave", value=False)
    frame.insert(0, "row", rows)
    config: dict[str, Any] = {
        "row": st.column_config.NumberColumn("Row", disabled=True, pinned=True),
        "leave": st.column_config.CheckboxColumn("Leave out", pinned=True),
        "problem": st.column_config.TextColumn("Problem", disabled=True, width="large"),
    }
    config |= {f"c{n}": st.column_config.TextColumn(name) for n, name in enumerate(columns)}
    hints = dict.fromkeys(_sentence(_app_words(one.hint)) for one in faults if one.hint)
    st.caption("  \n".join(plain(without_folders(hint)) for hint in list(hints)[:MOST_HINTS]))
    if len(problems) > len(rows):
        st.caption(f"The first {len(rows):,} of {plural(len(problems), 'row')}.")
    with st.form(f"{pending.prefix} rows", border=False):
        given = st.data_editor(
            frame,
            key=f"{pending.prefix} rows {hash((tuple(rows), tuple(pending.cells.items())))}",
            hide_index=True,
            column_config=config,
            row_height=ROW_HEIGHT,
            placeholder="",
        )
        pressed = st.form_submit_button("Save corrections")
    if pressed:
        for before, after in zip(frame.to_dict("records"), given.to_dict("records"), strict=True):
            row = int(before["row"])
            if after["leave"]:
                pending.left_out.add(row)
            for n, name in enumerate(columns):
                text = after[f"c{n}"]
                if text != before[f"c{n}"]:
                    pending.cells[row, name] = "" if text is None else str(text)
        session.rerun()


def _matches(pending: Pending, found: intake.Review) -> None:
    doubtful = [one for one in found.matches if not one.sure]
    if not doubtful:
        return
    st.subheader("Rows that may be in the place already", anchor=False)
    options = {**MATCHES, ONE_BY_ONE: "Choose for each row"}
    chosen = st.radio(
        f"What to do with {plural(len(doubtful), 'row')}",
        list(options),
        index=None,
        format_func=options.__getitem__,
        key=_key(pending, "matches", None),
    )
    frame = pd.DataFrame(
        {
            "Row": one.row,
            "In your list": one.name,
            "In the place": f"{one.site_name} ({one.site_id})",
            "Apart": f"{one.metres:,.0f} m",
            "Why": "same id, but another name or position" if one.same_id else "alike and close",
            "What to do": pending.matches.get(one.row),
        }
        for one in doubtful
    )
    height = "content" if len(frame) <= 8 else 320
    if chosen != ONE_BY_ONE:
        shown = frame.drop(columns="What to do")
        st.dataframe(shown, hide_index=True, placeholder="", height=height)
        return
    config = {
        "What to do": st.column_config.SelectboxColumn(
            options=list(MATCHES), format_func=MATCHES.__getitem__, required=True, pinned=True
        )
    }
    with st.form(f"{pending.prefix} pairs", border=False):
        given = st.data_editor(
            frame,
            key=f"{pending.prefix} pairs {hash(tuple(pending.matches.items()))}",
            hide_index=True,
            disabled=[name for name in frame.columns if name != "What to do"],
            column_config=config,
            placeholder="",
            height=height,
        )
        pressed = st.form_submit_button("Save choices")
    if pressed:
        rows = zip(given["Row"], given["What to do"], strict=True)
        pending.matches = {int(row): str(action) for row, action in rows if action in MATCHES}
        session.rerun()


def _summary(pending: Pending, found: intake.Review, seen: intake.Preview) -> None:
    st.subheader("Check and add", anchor=False)
    if seen.waiting:
        st.caption("The list can be added once what is named at the top of the page is done.")
    if not seen.waiting:
        for title, lines in intake.summary(seen):
            listed = "\n".join(f"- {plain(_app_words(line))}" for line in lines)
            st.markdown(f"**{title}**\n\n{listed}")
        if found.sites is not None:
            with st.expander("All sites of the list as they were read"):
                sites = found.sites.drop(columns="geometry").dropna(axis=1, how="all")
                st.dataframe(pd.DataFrame(sites), placeholder="")
    number = len(seen.added)
    label = f"Add {plural(number, 'site')}" if number else "Add no new site"
    label += f", change {len(seen.changed):,}" if seen.changed else ""
    nothing = bool(seen.waiting) or not (seen.added or seen.changed)
    add, cancel, _ = st.columns([2, 2, 4])
    if add.button("Add the sites" if seen.waiting else label, type="primary", disabled=nothing):
        try:
            session.choose_sites(seen.choices)
        except InputError as error:
            fault_table(error, pending.name)
        else:
            done = f"{plural(number, 'site')} added, {len(seen.changed):,} changed."
            session.keep_upload(None)
            session.keep_upload(Pending(pending.name, b"", "", done=done))
            st.rerun()
    with cancel:
        _cancel()


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _app_words(text: str) -> str:
    """A message without what only the command line needs."""
    return _OPTION.sub("", text).strip()
