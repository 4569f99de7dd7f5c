"""The story, told once: Scenario, Place, TravelTimes, Problem, Plan, Assessment, files.

The app, the command line and a notebook all call these functions, in this order.
"""

from nhcplanner.workflow.building import OwnFiles, build, demo_place, load
from nhcplanner.workflow.posing import pose
from nhcplanner.workflow.story import (
    assess,
    decide,
    measure,
    publish,
    question,
    rank,
    reaching,
    run,
)
from nhcplanner.workflow.told import Progress, Told, spoken

__all__ = [
    "OwnFiles",
    "Progress",
    "Told",
    "assess",
    "build",
    "decide",
    "demo_place",
    "load",
    "measure",
    "pose",
    "publish",
    "question",
    "rank",
    "reaching",
    "run",
    "spoken",
]
