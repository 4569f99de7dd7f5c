"""People within reach by hours, for the travel annex of a brief."""

from __future__ import annotations

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs.brief.parts import Bullets, Part, TableFormat, evidence_table
from nhcplanner.outputs.brief.prose import group_words, grouping_words, points
from nhcplanner.outputs.wording import terms

MOST_ROWS = 80
"""Most rows of a table by hours and group; the workbook has all of them."""
_HOURS = ("window", "people", "within_before", "share_before", "within_after", "share_after")
_HOURS_BY_GROUP = ("window", "group", "people", "share_before", "share_after")
_HOURS_LABELS = {
    "within_before": "Within reach today",
    "within_after": "Within reach, plan",
    "share_before": "Share today",
    "share_after": "Share, plan",
}


def by_hours(evidence: Evidence) -> list[Part]:
    """Return who is within reach in each window of the day, in sentences and tables.

    Parameters
    ----------
    evidence
        Its table `windows`; nothing is returned if it has none.
    """
    frame, outcome = evidence.windows, evidence.outcome
    if frame is None:
        return []
    rows = frame[frame["grouping"] == "everyone"].to_dict("records")
    by_bus = frame["mode"].iloc[0] == "transit"
    values = {
        "reach": f"{outcome.scenario.reach:g}",
        "way": terms.WAYS["transit"] if by_bus else terms.travel(outcome.times.mode),
        "mix": outcome.scenario.transit_mix,
        "by_bus": by_bus,
        "open_only": outcome.scenario.open_only,
        "has_plan": evidence.verdict.has_plan,
    }
    parts: list[Part] = [Bullets(points("equality", "hours", rows=rows, **values))]
    closed = [row for row in rows if row["closed"] or row["unknown"] < len(outcome.plan.opened)]
    if closed:
        parts.append(Bullets(points("equality", "closed", rows=closed, **values)))
    labels = TableFormat("People within reach by hours", _HOURS_LABELS)
    everyone = frame[frame["grouping"] == "everyone"]
    parts += evidence_table(evidence, "windows", _HOURS, everyone, labels)
    for grouping in ("band", "imd_quintile"):
        some = frame[frame["grouping"] == grouping]
        if len(some):
            words = [group_words(outcome, grouping, str(name)) for name in some["group"]]
            title = f"Within reach by hours and {grouping_words(outcome, grouping).lower()}"
            layout = TableFormat(title, _HOURS_LABELS | {"group": "Group"}, most=MOST_ROWS)
            parts += evidence_table(
                evidence, "windows", _HOURS_BY_GROUP, some.assign(group=words), layout
            )
    return parts
