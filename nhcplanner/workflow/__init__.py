"""The story, told once: Scenario, Place, TravelTimes, Problem, Plan, Assessment, files.

The app, the command line and a notebook all call these functions, in this order.
"""

from nhcplanner.workflow.again import Rerun, reopen, rerun
from nhcplanner.workflow.building import OwnFiles, build, demo_place, load
from nhcplanner.workflow.byhand import broken, by_hand, swapped
from nhcplanner.workflow.cases import Turns, asked, cases
from nhcplanner.workflow.compared import compare
from nhcplanner.workflow.edited import edited
from nhcplanner.workflow.effort import PARTS, Effort
from nhcplanner.workflow.explored import site_names
from nhcplanner.workflow.exporting import Delivery, Exported, export
from nhcplanner.workflow.fetching import Fetching, fetch
from nhcplanner.workflow.handin import evidence
from nhcplanner.workflow.jobs import (
    NearBest,
    Packed,
    Reports,
    near_best,
    packed,
    phased,
    planned,
    traded,
)
from nhcplanner.workflow.listed import Choices, site_table, spot
from nhcplanner.workflow.posing import pose
from nhcplanner.workflow.present import Reached, Today, ground, today, unserved
from nhcplanner.workflow.programme import costed, usual_waves
from nhcplanner.workflow.story import (
    assess,
    decide,
    measure,
    publish,
    question,
    rank,
    reaching,
    replan,
    run,
    versions,
)
from nhcplanner.workflow.told import Progress, Told, in_words, spoken
from nhcplanner.workflow.weighed import SoFar, TradeOff, aims_of, with_plan
from nhcplanner.workflow.why import Why, why

__all__ = [
    "PARTS",
    "Choices",
    "Delivery",
    "Effort",
    "Exported",
    "Fetching",
    "NearBest",
    "OwnFiles",
    "Packed",
    "Progress",
    "Reached",
    "Reports",
    "Rerun",
    "SoFar",
    "Today",
    "Told",
    "TradeOff",
    "Turns",
    "Why",
    "aims_of",
    "asked",
    "assess",
    "broken",
    "build",
    "by_hand",
    "cases",
    "compare",
    "costed",
    "decide",
    "demo_place",
    "edited",
    "evidence",
    "export",
    "fetch",
    "ground",
    "in_words",
    "load",
    "measure",
    "near_best",
    "packed",
    "phased",
    "planned",
    "pose",
    "publish",
    "question",
    "rank",
    "reaching",
    "reopen",
    "replan",
    "rerun",
    "run",
    "site_names",
    "site_table",
    "spoken",
    "spot",
    "swapped",
    "today",
    "traded",
    "unserved",
    "usual_waves",
    "versions",
    "why",
    "with_plan",
]
