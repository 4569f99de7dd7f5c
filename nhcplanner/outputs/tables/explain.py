"""Priority for those in most need: its price, who loses by it, and where bands divide areas."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner import models
from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import Cell
from nhcplanner.domain.plan import BY_HAND
from nhcplanner.domain.travel_times import nearest_site

EDGES = (
    Cell("band", "Band"),
    Cell("years", "HLE of areas on both sides of its end", "years"),
    Cell("above", "People of that HLE in it", "people"),
    Cell("below", "People of that HLE in the next", "people"),
)
AROUND = (
    Cell("site_id", "Site id"),
    Cell("name", "Centre of the plan without priority"),
    Cell("people", "People who lose who would go there", "people"),
)
FREE = "the plan without priority"
FREE_OPTION = "Most people"


def failure_advice(outcome: Outcome) -> tuple[str, ...]:
    """Return what to do about an attempt that opens no centre, a sentence each.

    Parameters
    ----------
    outcome
        The attempt.
    """
    scenario, sites = outcome.scenario, outcome.place.sites
    is_closed = (sites["status"] == "forbidden") | sites["site_id"].isin(scenario.forbid)
    if is_closed.all():
        return ("No site may open: all are excluded. Make some available under Sites.",)
    is_free = sites["kind"].isin(scenario.kinds) | sites["status"].isin(["existing", "committed"])
    if scenario.kinds and not (is_free & ~is_closed).any():
        return ("No site may open: none has a kind that the rules allow. Add kinds under Limits.",)
    advice = []
    model = models.catalogue.get(scenario.model)
    if not scenario.goals and model is not None and model.everyone is not None:
        if scenario.everyone == "all":
            advice.append(
                "This aim must serve everyone. If some people are out of reach of every site, tick "
                '"Leave out people out of reach of every site" under More rules, Limits.'
            )
        if scenario.count is not None:
            advice.append(
                f"{plural(scenario.count, 'centre')} may be too few to serve everyone. Leave "
                "Open at most blank, and the aim Fewest centres for everyone shows the number."
            )
    return (*advice, "Relax a rule, or add sites under Sites, then make the plan again.")


def surprises(outcome: Outcome) -> tuple[str, ...]:
    """Return reasons for figures of a plan that may surprise, a sentence each.

    Parameters
    ----------
    outcome
        A plan that opens centres.
    """
    scenario, found = outcome.scenario, []
    opened = len(outcome.plan.opened)
    is_proved = outcome.plan.status == "optimal" and outcome.plan.solver != BY_HAND
    if is_proved and scenario.count is not None and opened < scenario.count:
        found.append(
            f"{opened:,} of {scenario.count:,} centres open: no further centre improves a goal "
            "under these rules."
        )
    if (outcome.assessment.catchments["over_capacity"] > 0).any() and not scenario.sizes:
        found.append(
            "Centres may serve more people than they have room for, because this aim sends people "
            "to the nearest centre. Choose an aim within capacity to keep to it."
            if outcome.plan.allocation is None
            else "Centres serve more people than they have room for, because the rules allow it "
            "at a price."
        )
    within = outcome.assessment.people_within["people_after"].to_dict()
    if not within[scenario.reach]:
        found.append(
            f"Nobody lives within {scenario.reach:g} minutes of a centre: try a longer reach or a "
            "faster way to travel."
        )
    return tuple(found)


def table(price: pd.DataFrame) -> pd.DataFrame:
    """Return people in reach with and without priority, by band and for all.

    Parameters
    ----------
    price
        `band` ("all" = all), `people_plan`, `people_without`, `difference` (number fewer).

    Returns
    -------
    DataFrame
        `band`, `people_plan`, `people_without` and `difference`, with the sign of the command line
        and of the documents: how many fewer are reached because of priority.
    """
    columns = ["band", "people_plan", "people_without", "difference"]
    return price.assign(band=price["band"].replace("all", "All"))[columns]


def words(price: pd.DataFrame) -> str:
    """Describe what priority adds for band 1 and what it costs all people.

    Examples
    --------
    >>> words(pd.DataFrame({"band": ["1", "all"], "difference": [-30.0, 20.0]}))
    'With those in most need first, 30 more people of band 1 are in reach, and 20 fewer in all.'
    """
    fewer = price.set_index("band")["difference"]
    if not fewer.any():
        return "Priority costs no reach here: without it as many people are within reach."
    if "1" not in fewer.index:
        parts = [f"{_more(-fewer['all'], 'people')} are in reach"]
    else:
        parts = [f"{_more(-fewer['1'], 'people of band 1')} are in reach"]
        parts.append(_more(-fewer["all"], "in all"))
    return f"With those in most need first, {', and '.join(parts)}."


def _more(people: float, who: str) -> str:
    return f"{abs(people):,.0f} {'more' if people >= 0 else 'fewer'} {who}"


def edges(evidence: Evidence) -> pd.DataFrame:
    """Return the ends of bands that divide areas of the same HLE, with people on each side.

    HLE is compared as it is printed, in tenths of a year.

    Returns
    -------
    DataFrame
        Columns of `EDGES`, a row for each band whose end divides such areas.
    """
    outcome, rows = evidence.outcome, []
    need, areas = outcome.assessment.need, outcome.place.areas
    if need.by == "hle" and not outcome.scenario.band_edges and "hle" in areas:
        table = pd.DataFrame(
            {
                "band": need.band.to_numpy(),
                "years": areas["hle"].round(1),
                "people": areas["people"],
            }
        )
        table = table[table["band"] > 0]
        for band in sorted(table["band"].unique())[:-1]:
            years = table.loc[table["band"] == band, "years"].max()
            if years == table.loc[table["band"] == band + 1, "years"].min():
                same = table[table["years"] == years].groupby("band")["people"].sum()
                rows.append((band, years, same.get(band, 0), same.get(band + 1, 0)))
    return pd.DataFrame(rows, columns=[cell.name for cell in EDGES])


def around(evidence: Evidence) -> pd.DataFrame:
    """Return the people who lose by priority, by the centre that they would go to without it.

    That is the centre that the plan without priority sends most people of their area to, or the
    nearest centre if it sends nobody.

    Returns
    -------
    DataFrame
        Columns of `AROUND`, the most people first; only centres that the plan does not open. No
        rows where people were split by car, because then an area has two nearest centres.
    """
    losers, sites = evidence.losers, evidence.option_sites
    place, times = evidence.outcome.place, evidence.outcome.times
    split = len(times.minutes.indptr) - 1 != len(place.origins)
    if losers is None or sites is None or split:
        return pd.DataFrame(columns=[cell.name for cell in AROUND])
    site = _site_without_priority(evidence)
    if site is None:
        free = sites.loc[sites["option"] == FREE_OPTION, "site_id"]
        where = np.flatnonzero(place.sites["site_id"].isin(free))
        starts = pd.DataFrame(
            {"area": place.area_of_origin, "site": nearest_site(times.minutes, where)}
        )
        site = starts[starts["site"] >= 0].groupby("area")["site"].first()
    by_code = dict(zip(place.areas["area_code"].iloc[site.index], site, strict=True))
    lost = losers[losers["against"] == FREE]
    lost = lost.assign(site=lost["area_code"].map(by_code)).dropna(subset=["site"])
    lost = lost[~lost["site"].isin(evidence.outcome.plan.opened)]
    total = lost.groupby(lost["site"].astype("int64"))["people"].sum()
    total = total.sort_values(ascending=False, kind="stable")
    return pd.DataFrame(
        {
            "site_id": place.sites["site_id"].iloc[total.index].to_numpy(),
            "name": place.site_names.iloc[total.index].to_numpy(),
            "people": total.to_numpy(),
        }
    )


def _site_without_priority(evidence: Evidence) -> pd.Series | None:
    """Return the site that most people of each area are sent to without priority; None = unknown.

    The index holds positions of areas, the values positions of sites.
    """
    sent, place = evidence.other_assignments, evidence.outcome.place
    if sent is None:
        return None
    sent = sent[(sent["kind"] == "option") & (sent["plan"] == FREE_OPTION)]
    if sent.empty:
        return None
    row_of = dict(zip(place.origins["origin_id"], range(len(place.origins)), strict=True))
    rows = sent["origin"].map(row_of).to_numpy(dtype=np.int64)
    frame = pd.DataFrame(
        {
            "area": place.area_of_origin[rows],
            "site": sent["site_id"]
            .map(dict(zip(place.sites["site_id"], range(len(place.sites)), strict=True)))
            .to_numpy(),
            "people": place.origins["people"].to_numpy()[rows] * sent["share"].to_numpy(),
        }
    )
    sums: pd.DataFrame = frame.groupby(["area", "site"])["people"].sum().reset_index()
    most = sums.sort_values(["area", "people", "site"], ascending=[True, False, True])
    site: pd.Series = most.drop_duplicates("area").set_index("area")["site"]
    return site
