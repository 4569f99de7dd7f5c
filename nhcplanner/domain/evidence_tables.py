"""Tables of evidence: every column with its label and unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One column of a table of evidence.

    Parameters
    ----------
    name, label
        Name in files, and heading.
    unit
        "people", "minutes", "share" (0 to 1), "pounds", "years", ...; "" for text and numbers of
        things; "mixed" if another column gives the unit.
    """

    name: str
    label: str
    unit: str = ""


@dataclass(frozen=True)
class TableOf:
    """A table of evidence.

    Parameters
    ----------
    title
        Its heading.
    cells
        Its columns in order.
    """

    title: str
    cells: tuple[Cell, ...]

    @property
    def names(self) -> list[str]:
        """Names of its columns."""
        return [cell.name for cell in self.cells]


SITE = (Cell("site_id", "Site id"), Cell("name", "Site"))
"""Columns that name a site."""
_GOAL = (Cell("goal", "Goal"), Cell("unit", "Unit"))
_BEFORE_AFTER = (
    Cell("people", "People", "people"),
    Cell("within_before", "Within reach before", "people"),
    Cell("within_after", "Within reach after", "people"),
    Cell("share_before", "Share within reach before", "share"),
    Cell("share_after", "Share within reach after", "share"),
    Cell("mean_minutes_before", "Mean minutes before", "minutes"),
    Cell("mean_minutes_after", "Mean minutes after", "minutes"),
    Cell("beyond_before", "Beyond the horizon before", "people"),
    Cell("beyond_after", "Beyond the horizon after", "people"),
    Cell("gained", "Come within reach", "people"),
    Cell("lost", "Fall out of reach", "people"),
    Cell("nearer", "Nearer", "people"),
    Cell("farther", "Farther", "people"),
)
_BY_MINUTE = (
    Cell("mode", "Mode"),
    Cell("minutes", "Minutes", "whole minutes"),
    Cell("people_before", "People before", "people"),
    Cell("people_after", "People after", "people"),
    Cell("share_before", "Share before", "share"),
    Cell("share_after", "Share after", "share"),
)

TABLES: dict[str, TableOf] = {
    "options": TableOf(
        "Options",
        (
            Cell("option", "Option"),
            Cell("centres", "Centres"),
            Cell("new_centres", "Centres to open, committed or new"),
            Cell("people_within", "People within reach", "people"),
            Cell("share_within", "Share within reach", "share"),
            Cell("first_band_within", "Of the first band within reach", "people"),
            Cell("others_within", "Of all others within reach", "people"),
            Cell("mean_minutes", "Mean minutes (at least)", "minutes"),
            Cell("sii", "Slope index of the share within reach", "share"),
            Cell("without_cost", "Of these without a cost"),
            Cell("capital", "Capital, as given", "pounds"),
            Cell("appraised", "Capital, appraised", "pounds"),
            Cell("running", "Running cost", "pounds a year"),
            Cell("without_running", "Centres without a running cost"),
            Cell("backlog", "Backlog that stays", "pounds"),
            Cell("other_running", "Other estate that stays", "pounds a year"),
            Cell("last_opens", "Last opening", "year"),
            Cell("capital_discounted", "Capital, discounted", "pounds"),
            Cell("undiscounted", "Whole cost, undiscounted", "pounds"),
            Cell("discounted", "Whole cost, discounted", "pounds"),
            Cell("benefits", "Benefits beyond business as usual, discounted", "pounds"),
            Cell("net_value", "Net present social value", "pounds"),
            Cell("words", "What it is"),
        ),
    ),
    "option_sites": TableOf("Sites of each option", (Cell("option", "Option"), *SITE)),
    "long_list": TableOf(
        "Long list",
        (
            *SITE,
            Cell("kind", "Kind"),
            Cell("status", "Status"),
            Cell("short_listed", "On the short list"),
            Cell("reason", "Why, or why not"),
        ),
    ),
    "price": TableOf(
        "The price of priority",
        (
            Cell("band", "Band (1 = first; all)"),
            Cell("people_plan", "Reached by the plan", "people"),
            Cell("people_without", "Reached without priority", "people"),
            Cell("difference", "Fewer reached because of priority", "people"),
        ),
    ),
    "waves": TableOf(
        "Waves",
        (
            Cell("wave", "Wave"),
            Cell("centres", "Centres open by then"),
            Cell("people", "People within reach by then", "people"),
            Cell("status", "Proof"),
            Cell("gap", "Widest gap", "share"),
            Cell("afresh", "People if planned alone", "people"),
            Cell("first_band", "Of band 1 by then", "people"),
            Cell("first_band_afresh", "Of band 1 if planned alone", "people"),
        ),
    ),
    "wave_sites": TableOf("Sites by wave", (Cell("wave", "Wave"), *SITE)),
    "wave_afresh": TableOf("Sites of each wave if planned alone", (Cell("wave", "Wave"), *SITE)),
    "alternatives": TableOf(
        "Near-best alternatives",
        (Cell("plan", "Plan"), *_GOAL, Cell("value", "Reached", "mixed")),
    ),
    "alternative_sites": TableOf(
        "Sites of each alternative",
        (Cell("plan", "Plan"), *SITE, Cell("in_the_plan", "Also in the plan")),
    ),
    "roles": TableOf(
        "How good plans use each site",
        (
            *SITE,
            Cell("use", "Use"),
            Cell("share", "Share of the alternatives that open it", "share"),
            Cell("proved", "Proved"),
        ),
    ),
    "losses": TableOf(
        "If a site is not available",
        (
            *SITE,
            Cell("instead", "Opens instead"),
            *_GOAL,
            Cell("lost", "Lost", "mixed"),
            Cell("at_least", "Lost at least", "mixed"),
            Cell("at_most", "Lost at most", "mixed"),
        ),
    ),
    "loss_sites": TableOf(
        "Sites of the best plan without each centre",
        (Cell("without", "Without site"), *SITE),
    ),
    "centres": TableOf(
        "Why each centre",
        (
            *SITE,
            Cell("must", "Must open"),
            Cell("band", "Band"),
            Cell("reaches", "People in its reach", "people"),
            Cell("only", "People with no other centre in reach", "people"),
        ),
    ),
    "candidates": TableOf(
        "What each other site would add",
        (
            *SITE,
            Cell("band", "Band"),
            Cell("reaches", "People in its reach", "people"),
            Cell("adds", "Whom no centre reaches", "people"),
        ),
    ),
    "exchanges": TableOf(
        "The best exchange for each other site",
        (
            *SITE,
            Cell("closes", "Centre that would close for it"),
            *_GOAL,
            Cell("before", "Plan", "mixed"),
            Cell("after", "With the exchange", "mixed"),
            Cell("gain", "Better by", "mixed"),
        ),
    ),
    "robustness": TableOf(
        "Other cases",
        (
            Cell("case", "Case"),
            Cell("people", "People within reach of the plan", "people"),
            Cell("share", "Share", "share"),
            Cell("best_people", "People within reach of a plan made for the case", "people"),
            Cell("stays", "Share of the plan's centres that plan keeps", "share"),
            Cell("proved", "Whether that plan is proved best"),
            *_GOAL,
            Cell("goal_plan", "Goal reached by the plan", "mixed"),
            Cell("goal_best", "Goal reached by a plan made for the case", "mixed"),
        ),
    ),
    "case_sites": TableOf("Sites of the plan made for each case", (Cell("case", "Case"), *SITE)),
    "case_bands": TableOf(
        "Bands of need in cases that draw HLE anew",
        (
            Cell("case", "Case"),
            Cell("origin", "Starting point and household"),
            Cell("band", "Band (0 = none)"),
        ),
    ),
    "stays": TableOf(
        "How often each site opens in other cases",
        (*SITE, Cell("in_the_plan", "In the plan"), Cell("share", "Share of cases", "share")),
    ),
    "areas": TableOf(
        "Areas",
        (
            Cell("area_code", "Area code"),
            Cell("area_name", "Area"),
            Cell("people", "People", "people"),
            Cell("band", "Band (0 = none)"),
            Cell("centre", "Centre that serves most of the area (blank = none)"),
            Cell("nearest_centre", "Nearest centre after, however far"),
            Cell("minutes_before", "Minutes before (blank = beyond)", "minutes"),
            Cell("minutes_after", "Minutes after (blank = beyond)", "minutes"),
            Cell("change", "Change (below 0 = nearer)", "minutes"),
            Cell("share_before", "Share within reach before", "share"),
            Cell("share_after", "Share within reach after", "share"),
        ),
    ),
    "years": TableOf(
        "People by year",
        (
            Cell("year", "Year", "year"),
            Cell("basis", "Basis"),
            Cell("code", "Projected unit (all = the whole place)"),
            Cell("name", "Name"),
            Cell("age", "Age"),
            Cell("people", "People", "people"),
            Cell("projection", "Published projection (blank = part of a unit)", "people"),
            Cell("difference", "Difference from the projection", "people"),
        ),
    ),
    "area_years": TableOf(
        "People of areas by year",
        (
            Cell("area_code", "Area code"),
            Cell("year", "Year", "year"),
            Cell("basis", "Basis"),
            Cell("people", "People", "people"),
            Cell("people_0_15", "Aged 0 to 15", "people"),
            Cell("people_16_64", "Aged 16 to 64", "people"),
            Cell("people_65_84", "Aged 65 to 84", "people"),
            Cell("people_85_plus", "Aged 85 and over", "people"),
        ),
    ),
    "curve": TableOf("People by minute", _BY_MINUTE),
    "within": TableOf("People by time band and mode", _BY_MINUTE),
    "windows": TableOf(
        "People within reach by hours",
        (
            Cell("mode", "Mode (own = the plan's)"),
            Cell("window", "Day and hours"),
            Cell("day", "Day (ISO)"),
            Cell("hours", "Hours"),
            Cell("closed", "Centres closed in them"),
            Cell("unknown", "Centres without known hours"),
            Cell("grouping", "By"),
            Cell("group", "Group"),
            Cell("people", "People", "people"),
            Cell("within_before", "Within reach before", "people"),
            Cell("within_after", "Within reach after", "people"),
            Cell("share_before", "Share within reach before", "share"),
            Cell("share_after", "Share within reach after", "share"),
        ),
    ),
    "groups": TableOf("Groups", (Cell("grouping", "By"), Cell("group", "Group"), *_BEFORE_AFTER)),
    "furthest": TableOf(
        "Groups left furthest", (Cell("grouping", "By"), Cell("group", "Group"), *_BEFORE_AFTER)
    ),
    "losers": TableOf(
        "Areas that lose",
        (
            Cell("against", "Against"),
            Cell("area_code", "Area code"),
            Cell("area_name", "Area"),
            Cell("people", "People", "people"),
            Cell("minutes_there", "Minutes there (blank = beyond)", "minutes"),
            Cell("minutes_here", "Minutes in the plan (blank = beyond)", "minutes"),
            Cell("worse", "Worse by at least", "minutes"),
            Cell("out_of_reach", "Falls out of reach"),
        ),
    ),
    "inequality": TableOf(
        "Inequality of access",
        (
            Cell("of", "Of"),
            Cell("measure", "Measure"),
            Cell("unit", "Unit"),
            Cell("before", "Before", "mixed"),
            Cell("after", "After", "mixed"),
            Cell("change", "Change", "mixed"),
            Cell("low_before", "95% interval before, from", "mixed"),
            Cell("high_before", "To, before", "mixed"),
            Cell("low_after", "95% interval after, from", "mixed"),
            Cell("high_after", "To, after", "mixed"),
            Cell("meaning", "What it says"),
        ),
    ),
    "catchments": TableOf(
        "Catchments",
        (
            *SITE,
            Cell("role", "Role"),
            Cell("council", "Council"),
            Cell("people", "People served", "people"),
            *(Cell(f"people_q{n}", f"Of deprivation fifth {n}", "people") for n in range(1, 6)),
            Cell("people_q_unknown", "Of no known fifth", "people"),
            Cell("people_nearest", "People for whom it is the nearest centre", "people"),
            Cell("capacity", "Capacity", "people"),
            Cell("over_capacity", "Beyond capacity", "people"),
            Cell("headroom", "Room for more (below 0 = too full)", "people"),
            Cell("utilisation", "People served over capacity", "share"),
        ),
    ),
    "competition": TableOf(
        "Where people of new centres would otherwise go",
        (
            *SITE,
            Cell("from_site_id", "Other site id"),
            Cell("from_name", "Other centre"),
            Cell("people", "People", "people"),
            Cell("share", "Share of the centre's people", "share"),
            Cell("minutes_here", "Mean minutes to the centre", "minutes"),
            Cell("minutes_there", "Mean minutes to the other (blank = none)", "minutes"),
        ),
    ),
    "patients": TableOf(
        "Registered patients within reach, by practice",
        (
            *SITE,
            Cell("patients", "Registered patients", "people"),
            Cell("from_place", "Of them living in the place", "people"),
            Cell("from_elsewhere", "Of them living elsewhere", "people"),
            Cell("within_before", "Living in the place, within reach before", "people"),
            Cell("within_after", "Living in the place, within reach after", "people"),
        ),
    ),
    "patients_by_area": TableOf(
        "Where registered patients live",
        (
            *SITE,
            Cell("area_code", "Area code"),
            Cell("patients", "Registered patients", "people"),
        ),
    ),
    "assignment": TableOf(
        "Whom each centre serves, by area",
        (
            Cell("area_code", "Area code"),
            Cell("area_name", "Area"),
            *SITE,
            Cell("people", "People served there", "people"),
            Cell("minutes", "Mean minutes there", "minutes"),
        ),
    ),
    "other_assignments": TableOf(
        "Whom the centres of other plans serve",
        (
            Cell("kind", "Kind of plan (option, case, wave, wave afresh)"),
            Cell("plan", "Plan"),
            Cell("origin", "Starting point and household"),
            Cell("site_id", "Site id"),
            Cell("share", "Share of its people", "share"),
        ),
    ),
    "costs": TableOf(
        "Costs of each centre of any option",
        (
            *SITE,
            Cell("status", "Status"),
            Cell("in_the_plan", "In the plan"),
            Cell("opens", "Opens in year, to compare options"),
            Cell("capital", "Capital, as given", "pounds"),
            Cell("cost_date", "Prices of"),
            Cell("rebased", "Factor to the price base", "ratio"),
            Cell("running", "Running cost", "pounds a year"),
            Cell("appraised", "Capital, appraised", "pounds"),
            Cell("capital_discounted", "Capital, discounted", "pounds"),
            Cell("undiscounted", "Whole cost, undiscounted", "pounds"),
            Cell("discounted", "Whole cost, discounted", "pounds"),
        ),
    ),
    "origins": TableOf(
        "Starting points",
        (
            Cell("origin", "Starting point and household"),
            Cell("point", "Starting point"),
            Cell("area_code", "Area code"),
            Cell("household", "Household (blank = all)"),
            Cell("people", "People", "people"),
        ),
    ),
    "minutes": TableOf(
        "Minutes from each starting point to each site",
        (
            Cell("mode", "Mode (own = the plan's)"),
            Cell("origin", "Starting point"),
            Cell("site_id", "Site id"),
            Cell("minutes", "Minutes (no row = beyond the horizon)", "minutes"),
        ),
    ),
    "origin_years": TableOf(
        "People of starting points in the years of waves and cases",
        (
            Cell("year", "Year", "year"),
            Cell("origin", "Starting point and household"),
            Cell("people", "People", "people"),
        ),
    ),
    "case_growth": TableOf(
        "Factors on people in cases that draw growth",
        (
            Cell("case", "Case"),
            Cell("code", "Projected unit"),
            Cell("factor", "Factor on its people", "ratio"),
        ),
    ),
    "settings": TableOf(
        "Settings of the figures",
        (Cell("setting", "Setting"), Cell("value", "Value", "mixed"), Cell("words", "What it is")),
    ),
}
"""Every table of `Evidence` by name."""
