# %% [markdown]
# # A first plan
#
# A place, a question, a plan, and what it means for people. The demo place is SYNTHETIC; put your
# own folder in `load("my_place")` and the rest works unchanged.

# %%
import nhcplanner as nhc

place = nhc.demo_place()
print(place.title)
print(f"{place.people:,} people in {len(place.areas)} areas, {len(place.sites)} sites")

# %% [markdown]
# ## Who comes first, and who can get there
#
# Areas stand in bands of equal people, lowest healthy life expectancy first.

# %%
scenario = nhc.Scenario(count=6, reach=20, mode="walk")
need = nhc.rank(place, scenario)
times = nhc.measure(place, scenario)
print(need.basis)
print(f"{times.pairs:,} journeys of up to {times.horizon:g} minutes, {times.engine}")

# %% [markdown]
# ## The plan, and how sure it is
#
# Each stage is one band: what the plan reaches, and what no plan can pass.

# %%
problem = nhc.pose(place, times, scenario, need)
plan = nhc.decide(problem, scenario)
print(plan.status)
for stage in plan.stages:
    print(f"{stage.goal}: {stage.value:,.0f}, at most {stage.bound:,.0f}, gap {stage.gap:.2%}")
print(place.sites.loc[list(plan.opened), ["site_name", "kind", "status"]].to_string())

# %% [markdown]
# ## What it means, and what it costs

# %%
assessment = nhc.assess(place, times, plan, scenario, need)
print(assessment.by_band.round(3).to_string())
price = nhc.price_of_priority(problem, plan)
print(f"Without priority {price.people:,.0f} more people would be in reach")

# %% [markdown]
# **Exercise.** Change `mode` to `"drive"`. Which centres stay, and whose share grows most?
