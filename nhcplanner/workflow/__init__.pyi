from .access import (
    Reached as Reached,
)
from .access import (
    Today as Today,
)
from .access import (
    ground as ground,
)
from .access import ground_of_site as ground_of_site
from .access import (
    today as today,
)
from .access import (
    unserved as unserved,
)
from .catchments import BUILDINGS as BUILDINGS
from .catchments import CATCHMENT as CATCHMENT
from .catchments import METHODS as METHODS
from .catchments import CatchmentAccess as CatchmentAccess
from .catchments import floating_catchments as floating_catchments
from .catchments import glossary as glossary
from .catchments import list_measures as list_measures
from .catchments import list_supplies as list_supplies
from .closures import close_practices as close_practices
from .closures import practice_areas as practice_areas
from .compare import compare_plans as compare_plans
from .edit import broken_rules as broken_rules
from .edit import edit_plan as edit_plan
from .edit import swap_sites as swap_sites
from .effort import PARTS as PARTS
from .effort import Effort as Effort
from .evidence import gather_evidence as gather_evidence
from .explain import PlanReasons as PlanReasons
from .explain import competition as competition
from .explain import explain_plan as explain_plan
from .explain import money_of_priority as money_of_priority
from .exploration import NO_PRIORITY as NO_PRIORITY
from .exploration import has_priority as has_priority
from .exploration import site_names as site_names
from .hand_in import Delivery as Delivery
from .hand_in import Exported as Exported
from .hand_in import OwnCase as OwnCase
from .hand_in import export_hand_in as export_hand_in
from .hand_in import receive_case as receive_case
from .jobs import (
    ClosurePage as ClosurePage,
)
from .jobs import (
    HandInFile as HandInFile,
)
from .jobs import (
    NearBest as NearBest,
)
from .jobs import (
    Reports as Reports,
)
from .jobs import (
    make_alternatives as make_alternatives,
)
from .jobs import (
    make_closure as make_closure,
)
from .jobs import (
    make_hand_in as make_hand_in,
)
from .jobs import (
    make_plan as make_plan,
)
from .jobs import (
    make_trade_off as make_trade_off,
)
from .jobs import (
    make_waves as make_waves,
)
from .map_ground import parts_of as parts_of
from .map_ground import surroundings as surroundings
from .named_places import england as england
from .named_places import list_places as list_places
from .named_places import named_place as named_place
from .named_places import open_place as open_place
from .named_places import place_labels as place_labels
from .named_places import search_places as search_places
from .neighbourhoods import AlternativeDivision as AlternativeDivision
from .neighbourhoods import build_neighbourhoods as build_neighbourhoods
from .neighbourhoods import move_area as move_area
from .neighbourhoods import neighbourhood_alternatives as neighbourhood_alternatives
from .neighbourhoods import take_neighbourhoods as take_neighbourhoods
from .neighbourhoods import with_neighbourhoods as with_neighbourhoods
from .nesting import group_neighbourhoods as group_neighbourhoods
from .nesting import nest_neighbourhoods as nest_neighbourhoods
from .official_sources import Fetching as Fetching
from .official_sources import fetch as fetch
from .patients import PatientFlows as PatientFlows
from .patients import patients_within_reach as patients_within_reach
from .patients import place_of_patients as place_of_patients
from .patients import registered_patients as registered_patients
from .place import (
    OwnFiles as OwnFiles,
)
from .place import (
    build as build,
)
from .place import (
    demo_place as demo_place,
)
from .place import (
    load as load,
)
from .plan import (
    assess as assess,
)
from .plan import (
    measure as measure,
)
from .plan import (
    outcome_of as outcome_of,
)
from .plan import (
    question as question,
)
from .plan import (
    rank as rank,
)
from .plan import (
    replan as replan,
)
from .plan import (
    run as run,
)
from .plan import (
    solve_scenario as solve_scenario,
)
from .plan import (
    write_model as write_model,
)
from .problem import build_problem as build_problem
from .problem import goal_lines as goal_lines
from .problem import need_basis as need_basis
from .progress import (
    Progress as Progress,
)
from .progress import (
    ProgressCallback as ProgressCallback,
)
from .progress import (
    in_words as in_words,
)
from .progress import (
    worded_progress as worded_progress,
)
from .rerun import Rerun as Rerun
from .rerun import changed_between as changed_between
from .rerun import open_plan as open_plan
from .rerun import rerun_plan as rerun_plan
from .results import MappedOutcome as MappedOutcome
from .results import versions as versions
from .results import write_results as write_results
from .robustness import Sensitivity as Sensitivity
from .robustness import cases_of as cases_of
from .robustness import on_problem_rows as on_problem_rows
from .robustness import plan_by_probability as plan_by_probability
from .robustness import problem_of as problem_of
from .sites import (
    Choices as Choices,
)
from .sites import (
    site_table as site_table,
)
from .sites import (
    spot as spot,
)
from .sites import (
    with_edits as with_edits,
)
from .trade_off import (
    TradeOff as TradeOff,
)
from .trade_off import (
    TradeOffProgress as TradeOffProgress,
)
from .trade_off import (
    aims_of as aims_of,
)
from .trade_off import (
    with_plan as with_plan,
)
from .verify import verify_hand_in as verify_hand_in
from .waves import default_waves as default_waves
from .waves import has_costs as has_costs
from .waves import outcome_of_wave as outcome_of_wave
from .waves import plan_waves as plan_waves
from .windows import measure_windows as measure_windows
from .windows import named_windows as named_windows
from .windows import plan_windows as plan_windows
from .windows import window_table as window_table
from .without_centre import levels_of as levels_of
from .without_centre import (
    neighbourhoods_without_centre as neighbourhoods_without_centre,
)
from .years import GROWTH_WORDS as GROWTH_WORDS
from .years import YEARS as YEARS
from .years import change_in_words as change_in_words
from .years import projection_words as projection_words
from .years import year_tables as year_tables
from .years import years_of as years_of
