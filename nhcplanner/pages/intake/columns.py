"""Step Columns: what each column of the list is used as, and which sheet is read."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nhcplanner.base.text import plural
from nhcplanner.domain.columns import AREAS, SITES
from nhcplanner.pages.intake.messages import sentence
from nhcplanner.pages.intake.pending import AnyReview, Pending, widget_key
from nhcplanner.pages.session import plain
from nhcplanner.workflow import intake
from nhcplanner.workflow.intake import NOT_USED

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


AREA_FIELDS = {
    NOT_USED: "Not used",
    **{column.name: f"{column.label} ({column.unit})" if column.unit else column.label
       for column in AREAS if column.kind != "geometry"},
    intake.OWN_MEASURE: "A measure of need of your own (0 or more)",
}  # fmt: skip
POSITION_FIELDS = {
    "easting": "Easting (metres)",
    "northing": "Northing (metres)",
    "lon": "Longitude (degrees)",
    "lat": "Latitude (degrees)",
}
FIELDS_OF = {"sites": FIELDS, "table": AREA_FIELDS, "areas": {**AREA_FIELDS, **POSITION_FIELDS}}
"""Role of a file -> what its columns may be used as."""


def show(pending: Pending, upload: intake.Upload, review: AnyReview) -> None:
    """Draw what each column is used as."""
    st.subheader("Columns", anchor=False)
    _source(pending, upload)
    fields = FIELDS_OF[upload.role]
    guesses = upload.guesses
    rest = []
    for n, choice in enumerate(review.columns):
        if guesses.get(choice.theirs) or choice.problem or choice.theirs not in guesses:
            _column(pending, n, choice, guesses, fields)
        else:
            rest.append((n, choice))
    if rest:
        columns = plural(len(rest), "column")
        label = f"{columns} not recognised: not used unless you choose what to use them as"
        with st.expander(label, expanded=len(rest) <= 6):
            for n, choice in rest:
                _column(pending, n, choice, guesses, fields)


def _source(pending: Pending, upload: intake.Upload) -> None:
    """Name the sheet and headings that were read; offer other sheets and hidden rows."""
    record = upload.table.intake
    details = [f"sheet {record.sheet}"] if record.sheet else []
    details += [f"headings in row {record.heading_row}"] if record.heading_row else []
    details += [plural(len(upload.table.frame), "row"), plural(len(upload.columns), "column")]
    st.markdown(f"**{plain(pending.name)}**: {plain(', '.join(details))}.")
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
        is_wanted = st.checkbox(f"Also read {rows}", value=is_read, key=f"{pending.prefix} hidden")
        if is_wanted != is_read:
            pending.load(hidden="read" if is_wanted else "")
            st.rerun()


def _column(
    pending: Pending,
    number: int,
    column: intake.ColumnChoice,
    guesses: dict[str, str],
    fields: Mapping[str, str],
) -> None:
    words, choice = st.columns([3, 2], vertical_alignment="center")
    samples = "; ".join(column.samples) or "no values"
    words.markdown(f"**{plain(column.theirs)}**  \n{plain(samples)}")
    guess = guesses.get(column.theirs)
    choice.selectbox(
        f"Use column {plain(column.theirs)} as",
        list(fields),
        index=None if guess is None else 0,
        format_func=fields.__getitem__,
        placeholder="Choose",
        key=widget_key(pending, f"column {number}", guess),
        label_visibility="collapsed",
    )
    if column.problem:
        words.error(plain(sentence(column.problem)))
