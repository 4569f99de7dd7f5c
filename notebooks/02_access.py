# %% [markdown]
# # 2. Access: who can get there?
#
# The 10 Year Health Plan wants most people within 20 minutes of a centre, but does not name the
# mode of travel. So mode and minutes are choices, and this notebook shows how much they matter. The
# demo place is SYNTHETIC; put your own folder in the next cell. Its areas need HLE or an IMD rank,
# or no area has priority.

# %%
from pathlib import Path

import altair as alt
import pandas as pd

import nhcplanner as nhc

alt.renderers.enable("svg")  # pictures, which need no network

PLACE = None  # or Path("my/place")

place = nhc.demo_place() if PLACE is None else nhc.load(PLACE)
scenario = nhc.Scenario(reach=20)
scenario, place.title

# %% [markdown]
# ## Minutes
#
# From the points where people start to every site, along the streets. If a place has no streets,
# minutes are *estimates* from straight lines, and are labelled so.

# %%
modes = ["walk", "cycle", "drive"] + (["transit"] if place.timetable else [])
times = {mode: nhc.measure(place, scenario.with_settings([f"mode={mode}"])) for mode in modes}
times["walk"]

# %% [markdown]
# ## To the nearest building of a kind
#
# Here the most common kind of building in the place. Each line counts the people who get there
# within a number of minutes; the distance between the lines shows what a car is worth.

# %%
kind = place.sites["kind"].value_counts().index[0]
there = (place.sites["kind"] == kind).to_numpy().nonzero()[0]
people = place.origins["people"]


def within(mode):
    """Share of people who reach the nearest within 0 to 60 minutes."""
    nearest = times[mode].nearest(there)
    shares = [people[nearest <= limit].sum() / people.sum() for limit in range(61)]
    return pd.DataFrame({"mode": mode, "minutes": range(61), "share": shares})


curve = pd.concat([within(mode) for mode in modes])
curve_chart = (
    alt.Chart(curve)
    .mark_line()
    .encode(
        x=alt.X("minutes:Q", title=f"Minutes to the nearest {kind.replace('_', ' ')}"),
        y=alt.Y("share:Q", title="People (%)", axis=alt.Axis(format="%")),
        color=alt.Color("mode:N", title="By"),
    )
)
curve_chart

# %%
curve[curve["minutes"].isin([10, 15, 20, 30])].pivot(
    index="minutes", columns="mode", values="share"
).round(3)

# %% [markdown]
# ## On the map
#
# Minutes on foot of each area: the median over its starting points. Areas without a figure cannot
# walk there within the hour.

# %%
origins = place.origins.assign(minutes=times["walk"].nearest(there))
minutes = origins.groupby("area_code")["minutes"].median()
minutes = place.areas["area_code"].map(minutes)
access_drawn = nhc.place_map(place, minutes, title=f"Walk to the nearest {kind}", unit="minutes")
access_drawn

# %% [markdown]
# ## Is it fair?
#
# The same share by band of need: band 1 has the lowest HLE (or, where HLE is not known, the most
# deprivation), and each band holds about equally many people.

# %%
need = nhc.rank(place, scenario)
need

# %%
reached = origins.assign(
    band=need.band.to_numpy()[place.area_of_origin],
    near=(origins["minutes"] <= scenario.reach) * origins["people"],
)
fair = reached.groupby("band")[["near", "people"]].sum()
fair["share"] = fair["near"] / fair["people"]
fair_chart = (
    alt.Chart(fair.reset_index())
    .mark_bar()
    .encode(
        x=alt.X("band:O", title="Band (1 = first, 0 = in none)"),
        y=alt.Y("share:Q", title="People within 20 minutes' walk (%)", axis=alt.Axis(format="%")),
    )
    .properties(width=240)
)
fair_chart

# %% [markdown]
# **Exercise.** Half of all walkers are slower than 4.8 km/h. Make a scenario with `walk_kmh=3.2`,
# measure again, and draw both curves. How many people does the difference leave out at 20 minutes?
