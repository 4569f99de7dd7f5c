# %% [markdown]
# # 5. Trade-offs, robustness and sweeps
#
# One plan answers one question. This notebook asks more: the trade-off between all people and the
# worst-off, the plan under other assumptions, and a sweep of scenarios. The demo place is SYNTHETIC;
# put your own folder in the next cell. Its areas need HLE or an IMD rank, or no area has priority.

# %%
from pathlib import Path

import altair as alt
import pandas as pd

import nhcplanner as nhc
from nhcplanner import explore

alt.renderers.enable("svg")  # pictures, which need no network

PLACE = None  # or Path("my/place")

place = nhc.demo_place() if PLACE is None else nhc.load(PLACE)
there = int(place.sites["status"].isin(["existing", "committed"]).sum())
scenario = nhc.Scenario(count=there + 3, reach=20, mode="walk", time_limit=10)
outcome = nhc.run(place, scenario)
problem, plan = outcome.problem, outcome.plan
ids = place.sites["site_id"]
named = place.sites["site_name"].fillna(ids) if "site_name" in place.sites else ids
names = explore.Names(ids.tolist(), named.tolist())
outcome

# %% [markdown]
# ## The trade-off
#
# Each point is a plan that no other plan beats on both goals, as far as it is proved. At a best-value
# point (knee), a little more of one goal begins to cost much of the other.

# %%
pace = explore.Pace(points=8, seconds=15)
frontier = explore.frontier(problem, "people", "worst_off", pace=pace)
curve = explore.curve(frontier)
points = pd.DataFrame(
    {
        "all people": point.values[0],
        "people of band 1": point.values[1],
        "gap": point.gap,
        "knee": number in curve.knees,
    }
    for number, point in enumerate(curve.points)
)
points

# %%
frontier_chart = (
    alt.Chart(points)
    .mark_line(point={"size": 80})
    .encode(
        x=alt.X("all people:Q", title="All people within 20 minutes", scale=alt.Scale(zero=False)),
        y=alt.Y("people of band 1:Q", title="Of band 1", scale=alt.Scale(zero=False)),
        order="all people:Q",
        tooltip=["all people:Q", "people of band 1:Q", "gap:Q"],
    )
)
frontier_chart

# %% [markdown]
# ## The plan under other assumptions
#
# Another reach, more people, a site that is not available: what does the plan still achieve, and what
# would the best plan for that case achieve?

# %%
worlds = (
    explore.other_reach(problem, [10, 15, 30])
    | explore.other_people(problem, "a tenth more people", 0.1)
    | explore.site_failures(problem, plan)
)
tried = explore.robustness(worlds, "lowest_hle_first", plan, time_limit=15)
cases, stays = explore.robustness_frames(tried, worlds, plan, names)
cases

# %%
stays_chart = (
    alt.Chart(stays)
    .mark_bar()
    .encode(
        x=alt.X("share:Q", title="Worlds whose own plan opens it (%)", axis=alt.Axis(format="%")),
        y=alt.Y("name:N", sort=None, title="Site"),
        color=alt.Color("in_the_plan:N", title="In the plan"),
    )
)
stays_chart

# %% [markdown]
# ## A sweep of scenarios
#
# More centres, or another mode: which changes the result more? Scenarios with the same travel settings
# share their minutes. Give `out=Path("swept")` to store every plan on disk when it is finished; the
# command `nhcplanner sweep` does the same for scenario files, on all cores.

# %%
wanted = {
    f"{mode}, {there + more} centres": scenario.with_settings(
        [f"mode={mode}", f"count={there + more}", "time_limit=5"]
    )
    for mode in ("walk", "cycle", "drive")
    for more in (1, 3, 6)
}
swept = nhc.sweep(place, wanted)
swept

# %%
sweep_chart = (
    alt.Chart(swept.table)
    .mark_line(point=True)
    .encode(
        x=alt.X("centres:O", title="Centres"),
        y=alt.Y("share_after:Q", title="People within 20 minutes (%)", axis=alt.Axis(format="%")),
        color=alt.Color("mode:N", title="By"),
    )
    .properties(width=240)
)
sweep_chart

# %% [markdown]
# ## Compare two scenarios

# %%
last = nhc.run(place, wanted[list(wanted)[-1]])
nhc.compare_plans(outcome, last)

# %%
plan_drawn = nhc.plan_map(last)
plan_drawn

# %% [markdown]
# **Exercise.** Sweep `reach` over 10, 15, 20 and 30 minutes instead. At which reach do centres that
# the plan opens stop changing? Is the plan robust, given that there is no official standard?
