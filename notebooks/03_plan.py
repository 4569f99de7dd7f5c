# %% [markdown]
# # 3. A plan: lowest healthy life expectancy first, and what it costs the rest
#
# Which sites should become centres? The plan reaches as many people as possible of the band with
# the lowest HLE; then, without giving up any of them, of the next band; and so on. The demo place is
# SYNTHETIC; put your own folder in the next cell. Its areas need HLE or an IMD rank, or no area has
# priority.

# %%
from pathlib import Path

import altair as alt

import nhcplanner as nhc

alt.renderers.enable("svg")  # pictures, which need no network

PLACE = None  # or Path("my/place")

place = nhc.demo_place() if PLACE is None else nhc.load(PLACE)
there = int(place.sites["status"].isin(["existing", "committed"]).sum())
scenario = nhc.Scenario(count=there + 3, reach=20, mode="walk", time_limit=10)
scenario

# %% [markdown]
# ## Step by step
#
# `run` does everything in one call. The steps are: order of need, travel times, the problem, its
# solution, and the assessment.

# %%
need = nhc.rank(place, scenario)
times = nhc.measure(place, scenario)
problem = nhc.build_problem(place, times, scenario, need)
problem

# %% [markdown]
# ## The plan, and how good it is
#
# There is one stage for each band: what the plan reaches, and the bound that no plan can beat if it
# keeps the rules and the earlier stages. `optimal` means that every gap is zero.

# %%
plan = nhc.solve_scenario(problem, scenario)
plan

# %%
outcome = nhc.run(place, scenario)
outcome

# %%
plan_drawn = outcome.explore()
plan_drawn

# %% [markdown]
# ## What it means for people

# %%
reach = f"{scenario.reach:g}"
bands = outcome.assessment.by_band
shares = bands[[f"share_before_{reach}", f"share_after_{reach}"]].set_axis(
    ["before", "after"], axis=1
)
shares_chart = (
    alt.Chart(shares.reset_index(names="band").melt("band", var_name="when", value_name="share"))
    .mark_bar()
    .encode(
        x=alt.X("band:O", title="Band (1 = first)"),
        xOffset=alt.XOffset("when:N", sort=["before", "after"]),
        y=alt.Y("share:Q", title=f"People within {reach} minutes (%)", axis=alt.Axis(format="%")),
        color=alt.Color("when:N", title="The plan", sort=["before", "after"]),
    )
    .properties(width=320)
)
shares_chart

# %%
outcome.assessment.catchments

# %% [markdown]
# ## The price of putting the worst-off first
#
# The same number of centres, placed to reach the most people whoever they are. What the worst-off
# gain by coming first, others lose. The figures do not say which is right.

# %%
price = nhc.explore.price_of_priority(problem, scenario.model, plan, time_limit=10)
table = nhc.explore.price_frame(price)
table

# %%
price_chart = (
    alt.Chart(table[table["band"] != "all"])
    .mark_bar()
    .encode(
        x=alt.X("difference:Q", title="People more in reach without priority"),
        y=alt.Y("band:N", title="Band (1 = first)"),
        color=alt.condition("datum.difference < 0", alt.value("#8C2D04"), alt.value("#0072B2")),
    )
)
price_chart

# %% [markdown]
# ## A record of it
#
# `nhc.write_results(outcome, folder)` writes map, tables, GIS files and a record.
# `nhc.open_plan(folder)` opens the plan again without solving, and
# `nhc.rerun_plan(folder, place_folder)` shows whether the result is still the same.
#
# **Exercise.** Set `mode` to `"drive"`. Which centres stay, and whose share grows most? Then set
# `model="max_coverage"` and use `nhc.compare_plans` on the two outcomes.
