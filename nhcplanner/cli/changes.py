"""The command that changes a plan by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nhcplanner import workflow
from nhcplanner.cli.handin import Elsewhere, PlanFolder, compared
from nhcplanner.cli.shell import PLAN, AsJson, app, example, progressing, say, tell_json
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.workflow import listed

Shut = Annotated[list[str] | None, typer.Option(help="Id of a centre that shuts; repeatable.")]
Opened = Annotated[
    list[str] | None, typer.Option("--open", help="Id of a site that opens; repeatable.")
]
Moved = Annotated[
    list[str] | None,
    typer.Option(
        "--move",
        help="A site elsewhere: id=postcode, grid reference or easting,northing; repeatable.",
        metavar="ID=WHERE",
    ),
]


@app.command(
    rich_help_panel=PLAN, epilog=example("change plan --shut S037 --open S009 --out changed")
)
def change(  # noqa: PLR0913, PLR0917  (an option a parameter)
    plan: PlanFolder,
    shut: Shut = None,
    opened: Opened = None,
    moved: Moved = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the changed plan.")] = None,
    place: Elsewhere = None,
    as_json: AsJson = False,
) -> None:
    """Shut, open or move centres of a plan by hand, and say at once what that does; no solve."""
    if out is not None and moved:
        mend = "Move the site in your list, build the place again, and plan"
        raise InputError([Fault("a plan with moved sites cannot be kept", "--out", mend=mend)])
    with progressing() as progress:
        before = workflow.reopen(plan, place, progress)
        after = _changed(before, shut or [], opened or [], moved or [])
        found = workflow.compare(before, after, ("before", "now"))
        files = () if out is None else workflow.publish(after, out, progress)
    broken = workflow.broken(after)
    if as_json:
        tell_json(compared(found, files) | {"breaks": list(broken)})
        return
    for words in (after.plan.reason, *found.words, *(f"Breaks the rule: {one}" for one in broken)):
        say(words)
    for path in files:
        say(f"  {path}")


def _changed(before: Outcome, shut: list[str], opened: list[str], moved: list[str]) -> Outcome:
    ids = before.place.sites["site_id"]
    now = list(ids.iloc[list(before.plan.opened)])
    faults = [Fault(f"the plan opens no site '{one}'", "--shut") for one in shut if one not in now]
    faults += [Fault(f"site '{one}' is open already", "--open") for one in opened if one in now]
    faults += [Fault(f"'{one}' is not ID=WHERE", "--move") for one in moved if "=" not in one]
    if not (shut or opened or moved):
        faults.append(Fault("there is nothing to change", mend="Give --shut, --open or --move"))
    if faults:
        raise InputError(faults)
    choices = workflow.Choices((), (), ())
    for one in moved:
        site, _, where = one.partition("=")
        choices = listed.moved(site, workflow.spot(where), choices)
    place = workflow.edited(before.place, choices.edits)
    words = "; ".join(
        f"{site} {done}"
        for done, some in (("shut", shut), ("opened", opened), ("moved", moved))
        for site in (one.partition("=")[0] for one in some)
    )
    kept = [site for site in now if site not in shut]
    return workflow.by_hand(before, place, [*kept, *opened], words)
