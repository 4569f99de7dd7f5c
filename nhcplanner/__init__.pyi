from . import explore as explore
from .base.errors import InputError as InputError
from .base.errors import PlannerError as PlannerError
from .domain.assessment import Assessment as Assessment
from .domain.assessment import Outcome as Outcome
from .domain.evidence import Evidence as Evidence
from .domain.neighbourhoods import Bounds as Bounds
from .domain.neighbourhoods import Division as Division
from .domain.place import Place as Place
from .domain.plan import Plan as Plan
from .domain.problem import Problem as Problem
from .domain.scenario import Scenario as Scenario
from .domain.travel_times import TravelTimes as TravelTimes
from .layers.registered_patients import read_registered_patients as read_registered_patients
from .models.catalogue import catalogue as catalogue
from .models.solve import solve as solve
from .outputs.maps.plan_map import plan_map as plan_map
from .outputs.place import place_map as place_map
from .scale.everywhere import plan_everywhere as plan_everywhere
from .scale.sweep import sweep as sweep
from .workflow.catchments import floating_catchments as floating_catchments
from .workflow.catchments import list_measures as list_measures
from .workflow.closures import close_practices as close_practices
from .workflow.compare import compare_plans as compare_plans
from .workflow.evidence import gather_evidence as gather_evidence
from .workflow.explain import competition as competition
from .workflow.hand_in import export_hand_in as export_hand_in
from .workflow.named_places import england as england
from .workflow.named_places import list_places as list_places
from .workflow.neighbourhoods import build_neighbourhoods as build_neighbourhoods
from .workflow.neighbourhoods import move_area as move_area
from .workflow.neighbourhoods import neighbourhood_alternatives as neighbourhood_alternatives
from .workflow.neighbourhoods import take_neighbourhoods as take_neighbourhoods
from .workflow.neighbourhoods import with_neighbourhoods as with_neighbourhoods
from .workflow.nesting import group_neighbourhoods as group_neighbourhoods
from .workflow.patients import registered_patients as registered_patients
from .workflow.place import OwnFiles as OwnFiles
from .workflow.place import build as build
from .workflow.place import demo_place as demo_place
from .workflow.place import load as load
from .workflow.plan import assess as assess
from .workflow.plan import measure as measure
from .workflow.plan import rank as rank
from .workflow.plan import run as run
from .workflow.plan import solve_scenario as solve_scenario
from .workflow.problem import build_problem as build_problem
from .workflow.rerun import open_plan as open_plan
from .workflow.rerun import rerun_plan as rerun_plan
from .workflow.results import write_results as write_results
from .workflow.waves import plan_waves as plan_waves
from .workflow.without_centre import (
    neighbourhoods_without_centre as neighbourhoods_without_centre,
)
from .workflow.years import year_tables as year_tables

# Deprecated names: see _OLD_NAMES in __init__.py.
pose = build_problem
decide = solve_scenario
publish = write_results
reopen = open_plan
rerun = rerun_plan
compare = compare_plans
evidence = gather_evidence
export = export_hand_in
