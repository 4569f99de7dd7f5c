"""The return to the region as a Word document to fill in, by item and by site."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path

import pandas as pd

from nhcplanner.domain.case import CHECK
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import Cell
from nhcplanner.outputs.brief.board import no_room
from nhcplanner.outputs.brief.documents import BLANK, save_word
from nhcplanner.outputs.brief.parts import (
    Brief,
    BriefSection,
    Paragraph,
    Part,
    Table,
    cell,
    numbered,
)
from nhcplanner.outputs.brief.prose import say
from nhcplanner.outputs.sanitise import file_name
from nhcplanner.outputs.tables import hand_in, levels
from nhcplanner.outputs.wording import terms
from nhcplanner.outputs.workbook.pipeline import FILL, QUESTIONS, cells_of, pipeline

_SITE = (
    "neighbourhood", "council", "postcode", "easting", "northing", "role", "kind", "wave",
    "people", "capacity", "service_model", "works", "floor_area_m2", "size_date",
    "opening_hours", "tenure",
    "constraints", "planning_status", "digital", "cost", "cost_date", "running_cost",
    "disposals", "engagement", "parking_spaces", "blue_badge_spaces",
)  # fmt: skip
"""Fields of each site in the return, in order."""


def write_return(evidence: Evidence, folder: Path) -> None:
    """Write `return-PLACE.docx` into a folder; the same evidence gives the same bytes.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    form = return_of(evidence)
    save_word(form, folder / file_name(f"return-{form.place}", ".docx"))


def return_of(evidence: Evidence) -> Brief:
    """Return the whole form: overall items, then each site, with each cell to fill marked."""
    outcome = evidence.outcome
    sections = (
        _neighbourhoods(evidence),
        _estate(evidence),
        _criteria(evidence),
        _summed(evidence),
        *_sites(evidence),
        _ruled_out(evidence),
    )
    blank = sum(
        row.count(BLANK)
        for section in sections
        for part in section.parts
        if isinstance(part, Table)
        for row in part.rows
    )
    about = say(
        "return",
        "about",
        date=evidence.date,
        version=evidence.case.version,
        author=evidence.case.author,
        blank=blank,
        to_fill=BLANK,
    )
    first = BriefSection(
        "Question put to the model", (Paragraph(terms.question(outcome)), Paragraph(about))
    )
    marks = (terms.SYNTHETIC,) if outcome.place.synthetic else ()
    title = "Return on neighbourhood health centres"
    return Brief(title, outcome.place.title, marks, numbered((first, *sections)))


def _neighbourhoods(evidence: Evidence) -> BriefSection:
    frame = hand_in.neighbourhoods(evidence)
    unknown = hand_in.COUNTED if set(frame["neighbourhood"]) - {hand_in.NOT_GIVEN} else ()
    cells = [c for c in hand_in.NEIGHBOURHOODS if c.name in unknown or frame[c.name].notna().any()]
    parts: list[Part] = [
        Paragraph(say("return", "neighbourhoods")),
        _table("Neighbourhoods", frame, cells, unknown),
        *_levels(evidence),
        _blank_answer(say("return", "geography")),
    ]
    return BriefSection("1. How neighbourhoods are defined", tuple(parts))


def _levels(evidence: Evidence) -> list[Part]:
    """Return the areas of each level without a centre, and what each larger area holds."""
    frame = levels.levels(evidence)
    if frame.empty:
        return []
    found: list[Part] = []
    for caption, part in (
        ("Without a centre, those in most need of each level first",
         levels.without_centre(evidence)),
        ("Larger areas that the neighbourhoods are part of",
         frame[frame["level"] != levels.COLUMN]),
    ):  # fmt: skip
        cells = [one for one in levels.LEVELS if part[one.name].replace("", None).notna().any()]
        if len(part):
            found.append(_table(caption, part, cells))
    return found


def _estate(evidence: Evidence) -> BriefSection:
    table = _table("Estate", hand_in.estate(evidence), hand_in.ESTATE)
    words = say("return", "estate", today=hand_in.capital_today(evidence.outcome.place))
    return BriefSection("2. Proposed estate", (Paragraph(words), table))


def _criteria(evidence: Evidence) -> BriefSection:
    """Count the centres that meet each requirement; each site's form lists its own."""
    frame = hand_in.fit(evidence)
    words = {entry.name: entry.words for entry in evidence.case.criteria}
    rows = []
    for name, judgements in frame.groupby("criterion", sort=False):
        criterion = str(name)
        counts = judgements["state"].value_counts()
        states = tuple(f"{int(counts.get(state, 0)):,}" for state in ("met", "gap", ""))
        label = f"{criterion}: {words[criterion]}" if words.get(criterion) else criterion
        rows.append((label, *states))
    heads = ("Criterion or minimum requirement", "Met", "Gap", "Blank")
    table = Table("Fit of the centres", heads, tuple(rows), (False, True, True, True))
    note = Paragraph(say("return", "criteria", check=CHECK))
    return BriefSection("3. Fit to the criteria", (note, table, _blank_answer(QUESTIONS[1])))


def _summed(evidence: Evidence) -> BriefSection:
    table = _table("As the list of sites has it", hand_in.summed(evidence), hand_in.SUMMED)
    parts = (table, *(_blank_answer(words) for words in QUESTIONS[2:]))
    return BriefSection("4. Disposals, engagement and digital", parts)


def _sites(evidence: Evidence) -> tuple[BriefSection, ...]:
    """Return a heading and a form for each centre, each on its own page."""
    frame, fit = pipeline(evidence), hand_in.fit(evidence)
    fields_by_name = {field.name: field for field in cells_of(frame)}
    names = [name for name in _SITE if name in fields_by_name]
    fields = [fields_by_name[name] for name in names if name != "wave" or "wave" in frame]
    notes = [terms.served(evidence.outcome.plan), evidence.words.get("assignment", "")]
    served = " ".join((*(f"{words}." for words in notes if words), *no_room(evidence)))
    sections = [BriefSection("5. Site by site", (Paragraph(served),), fresh=True)]
    for number, row in enumerate(frame.to_dict("records")):
        lines = tuple((field.label, _text(row.get(field.name), field)) for field in fields)
        judgements = fit[fit["site_id"] == row["site_id"]]
        form = Table(f"{row['name']} ({row['site_id']})", ("Question", "Answer"), lines,
                     (False, False))  # fmt: skip
        states = _table("Fit to the criteria", judgements, hand_in.FIT[3:], hand_in.JUDGED)
        sections.append(
            BriefSection(
                f"Site {row['number']}: {row['name']}", (form, states), level=2, fresh=number > 0
            )
        )
    return tuple(sections)


def _ruled_out(evidence: Evidence) -> BriefSection:
    frame = hand_in.ruled_out(evidence)
    note = Paragraph(say("return", "ruled_out", sites=len(frame)))
    if frame.empty:
        return BriefSection("6. Ruled-out sites", (note,), fresh=True)
    table = _table("Ruled-out sites", frame, hand_in.RULED_OUT, ("reason",))
    return BriefSection("6. Ruled-out sites", (note, table), fresh=True)


def _blank_answer(words: str) -> Table:
    """Return a question with an empty cell for the answer."""
    return Table(words.rstrip(":"), ("ICB's answer",), ((BLANK,),), (False,))


def _table(
    caption: str, frame: pd.DataFrame, cells: Sequence[Cell], fill: Sequence[str] = ()
) -> Table:
    """Return a table; blanks in the columns `fill` are marked for people to fill."""
    rows = tuple(
        tuple(
            cell(
                row.get(field.name), field.unit, BLANK if field.name in fill and _asks(row) else ""
            )
            for field in cells
        )
        for row in frame.to_dict("records")
    )
    numbers = tuple(pd.api.types.is_numeric_dtype(frame[field.name]) for field in cells)
    return Table(caption, tuple(field.label for field in cells), rows, numbers)


def _asks(row: dict[Hashable, object]) -> bool:
    """Whether people can fill blanks of a row: sites of no neighbourhood have no people."""
    return row.get("neighbourhood") != hand_in.NOT_GIVEN


def _text(value: object, field: Cell) -> str:
    return cell(value, field.unit, BLANK if field.name in FILL else "")
