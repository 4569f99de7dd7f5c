"""Footprints of areas that are contiguous, compact by travel time and within bounds of people.

| module | holds |
|---|---|
| `contact` | which areas touch, and which parts of a place are linked over water |
| `blocks` | areas joined to blocks that stay whole, with minutes between them |
| `search` | a quick division, as a start and as a fallback |
| `program` | the integer program, with contiguity cuts |
| `parts` | each part of a place divided, in bounds where that is possible |
| `quality` | people, pieces, minutes and borders cut of each footprint |
"""

from nhcplanner.districting.blocks import Block, make_block
from nhcplanner.districting.contact import Contact, bridge, footprints, over_nothing, touching
from nhcplanner.districting.parts import PartDivision, divide_part, number_of
from nhcplanner.districting.program import NEAR

__all__ = [
    "NEAR",
    "Block",
    "Contact",
    "PartDivision",
    "bridge",
    "divide_part",
    "footprints",
    "make_block",
    "number_of",
    "over_nothing",
    "touching",
]
