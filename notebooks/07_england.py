# %% [markdown]
# # 7. A real place: from its name to a plan for the people of 2035
#
# Official figures of every council, ICB, region and MSOA of England come with the package, so that a
# real place needs no download. Minutes are then an *estimate* from straight lines, and HLE of small
# areas is *modelled*; both are called so wherever they appear.

# %%
import altair as alt

import nhcplanner as nhc

alt.renderers.enable("svg")  # pictures, which need no network

nhc.list_places("rutland")

# %%
place = nhc.england("Rutland")
place

# %% [markdown]
# ## Who lives here, and who will
#
# The packaged projections (2022-based) give people by age until 2047. Their sum over the areas is
# the published figure, to a person.

# %%
years = nhc.year_tables(place, nhc.Scenario(), [2025, 2030, 2035, 2040])["years"]
years

# %%
place_drawn = nhc.place_map(place)
place_drawn

# %% [markdown]
# ## A plan for the people of 2035
#
# Two centres by car, because no walk reaches most people of a rural county. The plan's notes say what
# a reader must know.

# %%
scenario = nhc.Scenario(count=2, mode="drive", year=2035, engine="estimate", time_limit=20)
outcome = nhc.run(place, scenario)
outcome

# %%
outcome.notes

# %%
within = outcome.assessment.people_within
curve = (
    within[["share_before", "share_after"]]
    .rename(columns={"share_before": "before", "share_after": "after"})
    .rename_axis("minutes")
    .reset_index()
    .melt("minutes", var_name="when", value_name="share")
)
within_chart = (
    alt.Chart(curve)
    .mark_line(point=True)
    .encode(
        x=alt.X("minutes:Q", title="Minutes by car (estimate)"),
        y=alt.Y("share:Q", title="People (%)", axis=alt.Axis(format="%")),
        color=alt.Color("when:N", title="The plan"),
    )
)
within_chart

# %% [markdown]
# ## Neighbourhoods
#
# Contiguous footprints of about 50,000 people, within councils. A county of 42,000 people is one.

# %%
nhc.build_neighbourhoods(place, scenario=scenario).footprints

# %% [markdown]
# **Exercise.** Plan another council by its name. How many people does walking reach instead of
# driving, and which note says how far the estimate may be off?
