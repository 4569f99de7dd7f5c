"""Preview of what an uploaded list adds and changes, before the user confirms it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.place import Fact, Place, SiteEdit
from nhcplanner.workflow.intake.columns import is_word_question
from nhcplanner.workflow.intake.reading import ADD, CHANGE, LEAVE_OUT, Decisions
from nhcplanner.workflow.intake.upload import Review
from nhcplanner.workflow.sites import Choices, fact


@dataclass(frozen=True, eq=False)
class Preview:
    """Effect of adding an upload.

    Parameters
    ----------
    actions
        Row number -> one of `MATCHES`; "" if the user has not decided yet.
    left_out
        Numbers of the rows that are left out, with the reason.
    waiting
        Sentences on what remains to be done before the list can be added.
    choices
        Choices with the list; unchanged while something remains to be done.
    added, changed, unchanged
        Ids of sites that are added, changed, or in the list without a change.
    record
        Record of the list.
    """

    actions: Mapping[int, str]
    left_out: Mapping[int, str]
    waiting: tuple[str, ...]
    choices: Choices
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    record: FileIntake


def preview(
    base: Place, place: Place, review: Review, decisions: Decisions, now: Choices
) -> Preview:
    """Return what adding an upload does to the sites.

    Parameters
    ----------
    base, place
        The place without and with the edits so far.
    review
        The upload after reading it with the decisions.
    decisions
        Decisions of the user.
    now
        The choices so far.
    """
    actions = _actions(review, decisions)
    left_out = _left_out(review, decisions, actions)
    waiting = tuple(_list_waiting(review, decisions, actions))
    record = review.intake
    if left_out:
        rows = [f"row {row}: {reason}" for row, reason in sorted(left_out.items())]
        more = {row for row in left_out if row not in decisions.left_out}
        if more:
            words = f"{plural(len(more), 'row')} with problems or already in the place left out"
            record = record.with_event("left out", words, len(more), rows)
    if waiting or review.sites is None:
        return Preview(actions, left_out, waiting, now, (), (), (), record)
    edits = {edit.site_id: edit for edit in now.edits}
    known = set(base.sites["site_id"])
    ids = _ids(review, place, actions)
    here = place.sites.set_index("site_id")
    groups: dict[str, list[str]] = {"added": [], "changed": [], "unchanged": []}
    for row, facts in _rows(review.sites):
        if row not in ids:
            continue
        site, shape = ids[row], review.sites.geometry[row]
        point: tuple[float, float] | None = (shape.x, shape.y)
        is_new, values = site not in here.index, facts
        if not is_new:
            values = {
                name: value
                for name, value in facts.items()
                if row not in review.defaulted.get(name, ())
                and not _is_same(here, site, name, value)
            }
            moved = row in review.exact and here.geometry[site].distance(shape) > 1
            point = point if moved else None
            if not values and point is None:
                groups["unchanged"].append(site)
                continue
        edit = edits.get(site, SiteEdit(site)).with_facts(**values)
        edits[site] = replace(edit, added=site not in known, point=point or edit.point)
        groups["added" if is_new else "changed"].append(site)
    words = ", ".join(f"{len(sites):,} {what}" for what, sites in groups.items() if sites)
    record = record.with_event("note", f"Sites of the app: {words or 'none'}", 1)
    choices = replace(
        now,
        edits=tuple(edits[site] for site in sorted(edits)),
        records=(*now.records, record),
    )
    return Preview(
        actions, left_out, (), choices, tuple(groups["added"]), tuple(groups["changed"]),
        tuple(groups["unchanged"]), record,
    )  # fmt: skip


def _actions(review: Review, decisions: Decisions) -> dict[int, str]:
    """Return what to do with each row that may be a site of the place already."""
    decided = dict(decisions.matches)
    actions: dict[int, str] = {}
    changed: set[str] = set()
    for match in sorted(review.matches, key=lambda match: (not match.sure, match.metres)):
        action = CHANGE if match.sure else decided.get(match.row) or decided.get(0, "")
        if action == CHANGE and match.site_id in changed:
            action = LEAVE_OUT
        changed |= {match.site_id} if action == CHANGE else set()
        actions[match.row] = action
    return actions


def _left_out(review: Review, decisions: Decisions, actions: Mapping[int, str]) -> dict[int, str]:
    """Return the reason for each row that is left out."""
    reasons = dict.fromkeys(decisions.left_out, "left out by you")
    if decisions.no_faulty:
        reasons |= {f.row: f.problem for f in review.faults if f.row is not None}
    if decisions.no_far:
        reasons |= {f.row: f.problem for f in review.far if f.row is not None}
    for match in review.matches:
        if actions[match.row] == LEAVE_OUT:
            reasons[match.row] = f"already in the place as {match.site_name}"
    return reasons


def _list_waiting(
    review: Review, decisions: Decisions, actions: Mapping[int, str]
) -> Iterable[str]:
    """Return sentences on what the user has still to do."""
    if review.blocking:
        yield f"Settle {plural(len(review.blocking), 'problem')} of columns or of the file."
        return
    words = [key for key in review.open_keys if is_word_question(key)]
    if words:
        yield f"Say what {plural(len(words), 'word')} of the list mean."
    rest = len(review.open_keys) - len(words)
    if rest:
        yield f"Answer {plural(rest, 'question')} about the list."
    if review.faults and not decisions.no_faulty:
        yield f"Correct or leave out {plural(len(review.open_rows), 'row')} with problems."
    if review.far and not decisions.no_far:
        yield f"Correct or leave out {plural(len(review.far), 'row')} outside the place."
    undecided = sum(not action for action in actions.values())
    if undecided:
        yield f"Say what to do with {plural(undecided, 'row')} that may be in the place already."
    if review.sites is None and not review.open_keys:
        yield "No row can be added."


def _ids(review: Review, place: Place, actions: Mapping[int, str]) -> dict[int, str]:
    """Return the id of the site for each row that is not left out."""
    if review.sites is None:
        return {}
    matched = {match.row: match.site_id for match in review.matches}
    ids_so_far = set(place.sites["site_id"]) | (
        set(review.sites["site_id"]) if review.has_ids else set()
    )
    stem = simple_name(review.intake.file.rpartition(".")[0])[:20] or "list"
    ids = {}
    for row, site in review.sites["site_id"].items():
        action = actions.get(row, ADD)
        if action == LEAVE_OUT:
            continue
        if action == CHANGE:
            ids[row] = matched[row]
        elif review.has_ids and (row not in matched or matched[row] != site):
            ids[row] = str(site)
        else:
            start = str(site) if review.has_ids else f"{stem}-{row}"
            names = (start if n == 1 else f"{start}-{n}" for n in range(1, len(ids_so_far) + 3))
            ids[row] = next(name for name in names if name not in ids_so_far)
            ids_so_far.add(ids[row])
    return ids


def _rows(sites: gpd.GeoDataFrame) -> Iterable[tuple[int, dict[str, Fact]]]:
    """Return the number and the facts of each row, without blanks."""
    facts = sites.drop(columns=["geometry", "site_id"]).to_dict("records")
    for row, values in zip(sites.index, facts, strict=True):
        filled = {str(name): fact(value) for name, value in values.items()}
        yield int(row), {name: value for name, value in filled.items() if value is not None}


def _is_same(here: pd.DataFrame, site: str, name: str, value: object) -> bool:
    """Whether a site of the place has this value already."""
    return name in here and fact(here.loc[site, name]) == value


MOST_LINES = 10


def summary(preview: Preview) -> list[tuple[str, tuple[str, ...]]]:
    """Return titles with lines on what was read, left out and added."""
    record = preview.record
    kinds: dict[str, list[str]] = {"assumed": [], "converted": [], "other": []}
    for event in record.events:
        kind = event.kind if event.kind in kinds else "other"
        if event.kind != "left out" or not str(event).endswith("left out on screen"):
            kinds[kind].append(str(event))
    changed = [f"{column.theirs}: {', '.join(column.examples)}" for column in record.columns
               if column.ours and column.examples]  # fmt: skip
    unused = [column.theirs for column in record.columns if not column.ours]
    counts = [
        (len(preview.changed), "site", "of the place changed"),
        (len(preview.unchanged), "site", "of the place already as the list says"),
        (len(preview.left_out), "row", "left out"),
    ]
    counts = [
        (len(preview.changed), "site", "of the place changed"),
        (len(preview.unchanged), "site", "of the place already as the list says"),
        (len(preview.left_out), "row", "left out"),
    ]
    rows = [
        f"{plural(record.rows_read, 'row')} read",
        f"{plural(len(preview.added), 'site')} added",
        *(f"{plural(count, noun)} {words}" for count, noun, words in counts if count),
    ]
    reasons = [f"row {row}: {reason}" for row, reason in sorted(preview.left_out.items())]
    sections = [
        ("Rows", rows),
        ("Rows left out", [*reasons[:MOST_LINES], *_rest(reasons)]),
        ("Columns not used", [shortened(unused, 20)] if unused else []),
        ("Conversions", [*kinds["converted"], *changed]),
        ("Your answers", kinds["assumed"]),
        ("Also", kinds["other"]),
    ]
    return [(title, tuple(lines)) for title, lines in sections if lines]


def _rest(lines: list[str]) -> list[str]:
    return [f"and {len(lines) - MOST_LINES:,} more"] if len(lines) > MOST_LINES else []
