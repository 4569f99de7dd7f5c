"""The story, told once: Scenario, Place, TravelTimes, Problem, Plan, Assessment, files.

The app, the command line and a notebook all call these functions, in this order.
"""

from nhcplanner.workflow.building import OwnFiles, build, demo_place, load
from nhcplanner.workflow.edited import edited
from nhcplanner.workflow.jobs import Reports, planned
from nhcplanner.workflow.posing import pose
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
)
from nhcplanner.workflow.told import Progress, Told, in_words, spoken

__all__ = [
    "OwnFiles",
    "Progress",
    "Reports",
    "Told",
    "assess",
    "build",
    "decide",
    "demo_place",
    "edited",
    "in_words",
    "load",
    "measure",
    "planned",
    "pose",
    "publish",
    "question",
    "rank",
    "reaching",
    "replan",
    "run",
    "spoken",
]
