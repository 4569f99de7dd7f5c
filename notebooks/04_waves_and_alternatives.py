# %% [markdown]
# # 4. Waves and alternatives: what first, and what instead?
#
# Centres open over several years, and the best plan is rarely the only good one. The demo place is
# SYNTHETIC; put your own folder in the next cell. Its areas need HLE or an IMD rank, or no area has
# priority.

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
scenario = nhc.Scenario(count=there + 4, reach=20, mode="walk", time_limit=10)
outcome = nhc.run(place, scenario)
problem, plan = outcome.problem, outcome.plan
ids = place.sites["site_id"]
named = place.sites["site_name"].fillna(ids) if "site_name" in place.sites else ids
names = explore.Names(ids.tolist(), named.tolist())
outcome

# %% [markdown]
# ## Two waves
#
# Backwards: the last wave is planned as if it were the only one, and the first is the best part of
# it. Centres stay open once they have opened. `afresh` is what the same number of centres could
# reach in a plan for that wave alone.

# %%
steps = [explore.Wave("first", count=there + 2), explore.Wave("second", count=there + 4)]
phasing = explore.plan_in_waves(
    problem, "lowest_hle_first", steps, order="backwards", time_limit=10
)
waves, wave_sites = explore.wave_frames(phasing, problem, names)
waves

# %%
wave_sites

# %%
by_wave = pd.DataFrame(
    {"wave": wave.wave.name, "band": band, "people": people}
    for wave in phasing.waves
    for band, people in wave.by_band.items()
)
waves_chart = (
    alt.Chart(by_wave)
    .mark_bar()
    .encode(
        x=alt.X("wave:N", sort=None, title="At the end of wave"),
        y=alt.Y("people:Q", title="People within 20 minutes"),
        color=alt.Color(
            "band:O", title="Band (1 = first)", scale=alt.Scale(scheme="oranges", reverse=True)
        ),
    )
    .properties(width=200)
)
waves_chart

# %% [markdown]
# ## Other plans nearly as good
#
# Each plan is within 5% of the best possible value of every goal, and differs in at least one centre
# from every earlier plan. The guarantee is relative to what *any* plan can reach.

# %%
near = explore.Near(within=0.05, differ=1, number=5)
found = explore.alternatives(problem, "lowest_hle_first", near, best=plan, time_limit=10)
found.words

# %%
values, alternative_sites = explore.alternative_frames(found, names)
values.pivot(index="goal", columns="plan", values="value")

# %%
sites_chart = (
    alt.Chart(alternative_sites)
    .mark_rect()
    .encode(
        x=alt.X("plan:O", title="Plan (1 = the best)"),
        y=alt.Y("name:N", title="Centre"),
        color=alt.Color("in_the_plan:N", title="In the best plan"),
    )
)
sites_chart

# %% [markdown]
# ## Which sites can be negotiated?
#
# `always`: every good plan needs the site, so its owner is in a strong position. `sometimes`: there
# are other sites.

# %%
roles = explore.role_frame(explore.roles(problem, "lowest_hle_first", found, time_limit=10), names)
roles[roles["share"] > 0]

# %% [markdown]
# ## If a site is not available
#
# How many people of each band the best plan without it loses (below 0: gains), and what opens
# instead.

# %%
losses = explore.loss_frame(explore.losses(problem, "lowest_hle_first", plan, time_limit=10), names)
losses.pivot(index=["site_id", "name", "instead"], columns="goal", values="lost")

# %%
plan_drawn = nhc.plan_map(outcome)
plan_drawn

# %% [markdown]
# **Exercise.** Plan the waves `order="forwards"` instead. Does the first wave reach more people?
# What does the last one then lose, and which of the two would you recommend to a board?
