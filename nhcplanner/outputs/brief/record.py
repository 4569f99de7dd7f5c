"""Record: limits, sources with their licences, and how to make the plan again."""

from __future__ import annotations

import shlex

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import tables, wording
from nhcplanner.outputs.brief.parts import Bullets, Commands, Paragraph, Part, Section, Table

_SAID = {
    "layer": "Layer", "title": "What", "publisher": "Publisher", "vintage": "Of",
    "licence": "Licence",
}  # fmt: skip

_OWED = {
    "OGL": "Contains public sector information licensed under the Open Government Licence v3.0",
    "ODbL": "Contains information from OpenStreetMap, made available under the Open Database "
    "Licence (ODbL)",
}
"""What a licence asks to be said, by a word that names it."""


def limits_section(evidence: Evidence) -> Section:
    """What a reader must know, and what is not there."""
    outcome = evidence.outcome
    notes = dict.fromkeys(
        (*wording.labels(outcome), *outcome.place.notes, *outcome.assessment.notes)
    )
    missing = [f"{about}: {why}" for about, why in evidence.reasons.items()]
    parts: list[Part] = [
        Paragraph("The plan counts journeys and people. It knows nothing of the services in a "
                  "building, of its state, or of what residents and staff think of it."),
        Bullets(tuple(notes)),
        Paragraph("Not there, or not complete:"),
        Bullets(tuple(missing) or ("Nothing that was asked for is missing.",)),
    ]  # fmt: skip
    return Section("Limits", tuple(parts), fresh=True)


def sources_section(evidence: Evidence) -> Section:
    """Every source, the words that its licence asks for, and its hash."""
    place = evidence.outcome.place
    listed = tables.sources(place).reindex(columns=list(_SAID), fill_value="").fillna("")
    rows = tuple(tuple(map(str, row)) for row in listed.itertuples(index=False))
    parts: list[Part] = []
    if rows:
        heads = tuple(_SAID.values())
        parts.append(Table("Sources", heads, rows, (False,) * len(heads)))
    else:
        parts.append(Paragraph("The place states no sources."))
    owed = dict.fromkeys(one.attribution for one in place.sources if one.attribution)
    licences = " ".join(one.licence for one in place.sources)
    owed |= dict.fromkeys(words for name, words in _OWED.items() if name in licences)
    if owed:
        parts += [Paragraph("Attribution that the licences ask for:"), Bullets(tuple(owed))]
    return Section("Sources and licences", tuple(parts))


def again_section(evidence: Evidence) -> Section:
    """Exact commands, versions, solver, gap and hashes."""
    outcome = evidence.outcome
    folder = outcome.place.folder
    place = "PLACE" if folder is None else shlex.quote(folder.name)
    lines = (f"nhcplanner check {place}", f"nhcplanner rerun plan.json {place}")
    plan = outcome.plan
    facts = [
        f"Solver: {plan.solver}, {plan.seconds:.1f} seconds",
        f"{wording.status(plan)}. Gap: {wording.gap(plan).lower()}",
        *(f"{name} {version}" for name, version in outcome.versions.items()),
    ]
    parts: list[Part] = [
        Paragraph("plan.json, beside this brief, holds the scenario, the plan, and the hash of "
                  "every file that it rests on. The second command makes the plan again, and says "
                  "either that the same centres open or which input changed."),
        Commands(lines),
        Bullets(tuple(facts)),
        *_settings(evidence),
        *_hashes(evidence),
    ]  # fmt: skip
    return Section("How to make it again", tuple(parts))


def _settings(evidence: Evidence) -> tuple[Part, ...]:
    """The scenario's keys that are not as by default, and what shaped the minutes."""
    outcome = evidence.outcome
    said = outcome.scenario.model_dump(mode="json", exclude_defaults=True)
    rows = [(key, _plain(value)) for key, value in said.items()]
    rows += [(f"times: {k}", _plain(v)) for k, v in sorted(outcome.times.parameters.items())]
    if not rows:
        return (Paragraph("Every choice of the scenario is the default."),)
    caption = "Choices other than the defaults, and what shaped the minutes"
    return (Table(caption, ("Key", "Value"), tuple(rows), (False, False)),)


def _hashes(evidence: Evidence) -> tuple[Part, ...]:
    """Files that the place was made from."""
    rows = tuple(
        (one.layer, one.file, one.sha256) for one in evidence.outcome.place.sources if one.sha256
    )
    if not rows:
        return ()
    heads = ("Layer", "File", "sha256")
    return (Table("Files that the place was made from", heads, rows, (False,) * 3),)


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
