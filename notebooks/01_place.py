# %% [markdown]
# # 1. A place: build it, check it, look at it
#
# Everything starts from a *place*: areas where people live, sites that could become neighbourhood
# health centres, and streets between them. The demo place is SYNTHETIC: it is invented, and no
# figure here is of a real place. For your own, give its folder in the next cell; the rest works
# unchanged.

# %%
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import altair as alt
import pandas as pd

import nhcplanner as nhc

alt.renderers.enable("svg")  # pictures, which need no network

PLACE = None  # or Path("my/place")

place = nhc.demo_place() if PLACE is None else nhc.load(PLACE)
place

# %% [markdown]
# ## Who lives here, and who is worst off?
#
# The map shows the first measure of need that the place has: healthy life expectancy (HLE) if it
# is known. HLE of a small area is *modelled*, from its council's figure and the national
# gradient by deprivation, and is called so wherever it appears.

# %%
place_drawn = nhc.place_map(place)
place_drawn

# %%
people_drawn = nhc.place_map(place, "people")
people_drawn

# %% [markdown]
# Areas have similar numbers of people. Each site has a kind, a status (existing centre, committed,
# candidate or forbidden) and, if you know them, a capacity and a cost.

# %%
sites_chart = (
    alt.Chart(place.sites[["kind", "status"]])
    .mark_bar()
    .encode(
        y=alt.Y("kind:N", sort="-x", title="Kind of building"),
        x=alt.X("count()", title="Sites"),
        color=alt.Color("status:N", title="Status"),
    )
)
sites_chart

# %% [markdown]
# ## What is missing?
#
# Blanks stay blank: an unknown cost is not a cost of zero.

# %%
layers = {"areas": place.areas, "sites": place.sites}
blanks = pd.DataFrame(
    {"layer": name, "column": column, "blank": frame[column].isna().sum(), "of": len(frame)}
    for name, frame in layers.items()
    for column in frame
)
blanks[blanks["blank"] > 0]

# %% [markdown]
# ## Built from files
#
# A place is built from a layer of areas and a list of sites; streets, timetables and tables of need
# improve it. Here the place's areas and sites are written to two GeoPackages, as a colleague might
# send them, and built into a new place. It has no streets, so its minutes would be *estimates*, and
# would be labelled so.

# %%
folder = Path(mkdtemp())
wanted = [c for c in ("area_code", "area_name", "people", "hle", "imd_rank") if c in place.areas]
place.areas[[*wanted, "geometry"]].to_file(folder / "areas.gpkg")
place.sites[["site_id", "kind", "status", "geometry"]].to_file(folder / "sites.gpkg")

files = nhc.OwnFiles(folder / "areas.gpkg", folder / "sites.gpkg", name=f"{place.title}, again")
again = nhc.load(nhc.build(files, folder / "place"))
again

# %% [markdown]
# ## All faults are reported together
#
# Each has its file, row, column and what to do. Here two areas share a code, and one has a negative
# number of people.

# %%
spoilt = place.areas[[*wanted, "geometry"]].copy()
spoilt.loc[1, "area_code"] = spoilt.loc[0, "area_code"]
spoilt.loc[2, "people"] = -5
spoilt.to_file(folder / "spoilt.gpkg")
try:
    nhc.build(nhc.OwnFiles(folder / "spoilt.gpkg", folder / "sites.gpkg"), folder / "none")
except nhc.InputError as error:
    faults = str(error).splitlines()
rmtree(folder)
faults

# %% [markdown]
# **Exercise.** Draw the place by another of its measures: `"imd"`, `"aged_65"`, `"no_car"` or
# `"disabled"`. Where would you open a centre if that were all you knew? Note your guess: notebook 3
# shows what the optimiser does.
