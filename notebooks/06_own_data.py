# %% [markdown]
# # 6. Your own data: frames, a matrix of minutes, and the same answer on the command line
#
# You have a data frame of areas, one of sites, and minutes from another tool. This notebook needs no
# files: the frames below are invented, and stand for yours.

# %%
import altair as alt
import pandas as pd

import nhcplanner as nhc

alt.renderers.enable("svg")  # pictures, which need no network

areas = pd.DataFrame(
    {
        "area_code": [f"E0100000{number}" for number in range(1, 7)],
        "area_name": ["Quay", "Marsh", "Hill", "Mill", "Park", "Abbey"],
        "people": [1500, 1700, 1400, 1650, 1550, 1800],
        "hle": [52.1, 54.0, 61.3, 58.2, 66.0, 63.4],
        "easting": [532000, 533500, 535200, 532300, 534100, 536000],
        "northing": [181500, 181700, 181200, 183100, 183300, 183000],
    }
)
sites = pd.DataFrame(
    {
        "site_id": ["S1", "S2", "S3"],
        "site_name": ["Old library", "Leisure centre", "Health centre"],
        "kind": ["library", "leisure_centre", "health_centre"],
        "status": ["candidate", "candidate", "existing"],
        "easting": [532200, 534800, 535900],
        "northing": [182000, 182300, 182800],
    }
)

# %% [markdown]
# ## Minutes of another tool
#
# A long table has one row for each pair. The headings of r5py (`from_id`, `to_id`, `travel_time`)
# and of TravelTime are recognised. A pair that is not in the table is out of reach; here the Quay
# has no way to the health centre.

# %%
measured = pd.DataFrame(
    [[4, 24, None], [16, 15, 34], [31, 12, 11], [9, 21, 36], [26, 9, 17], [38, 15, 4]],
    index=areas["area_code"].rename("from_id"),
    columns=sites["site_id"].rename("to_id"),
)
minutes = measured.stack().rename("travel_time").reset_index()
minutes.head()

# %% [markdown]
# ## The place
#
# The frames get the same checks as files. What is wrong is one error that lists every fault; what
# was read, converted or left out is a record.

# %%
place = nhc.Place.from_frames(areas, sites, minutes=minutes, name="Own data")
place

# %%
try:
    nhc.Place.from_frames(areas.assign(people=-1), sites)
except nhc.InputError as error:
    print(error)

# %% [markdown]
# ## The plan
#
# `engine="matrix"` uses the minutes of the place. One new centre may open beside the existing one;
# the areas of the first band, with the lowest HLE, come first.

# %%
scenario = nhc.Scenario(count=2, reach=20, engine="matrix", bands=3)
outcome = nhc.run(place, scenario)
outcome

# %%
outcome.sites[["site_id", "site_name", "role"]]

# %%
after = outcome.areas[["area_name", "minutes_before", "minutes_after"]].melt(
    "area_name", var_name="when", value_name="minutes"
)
minutes_chart = (
    alt.Chart(after)
    .mark_bar()
    .encode(
        x=alt.X("minutes:Q", title="Minutes to the nearest centre"),
        y=alt.Y("area_name:N", title=None, sort=areas["area_name"].tolist()),
        yOffset="when:N",
        color=alt.Color("when:N", title="The plan"),
    )
)
minutes_chart

# %% [markdown]
# ## Without a place
#
# The same table as a problem: no positions, no columns, only minutes and people. Names stay.

# %%
people = areas.set_index("area_code")["people"]
problem = nhc.Problem.from_minutes(minutes, people=people, count=2, keep=["S3"])
plan = nhc.solve(problem, "max_coverage")
plan.opened_ids, plan.stages[0].value, plan.stages[0].bound

# %%
plan_drawn = outcome.explore()
plan_drawn

# %% [markdown]
# **Exercise.** A bus lets people of the Quay reach the health centre in 18 minutes. Add that pair to
# `minutes`. Which site opens now, and what would the plan reach without priority
# (`model="max_coverage"`)?
