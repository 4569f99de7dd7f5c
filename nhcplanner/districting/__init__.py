"""Division of areas into footprints that are contiguous, compact and within bounds of people.

| module | contents |
|---|---|
| `contact` | areas that touch, links over water, and tables of footprints |
| `blocks` | blocks of areas that stay whole, and a quick search for a division |
| `program` | the integer program, with contiguity cuts |
| `parts` | the division of each part of a place, within bounds if possible |
"""

from nhcplanner.districting.blocks import Block, make_block
from nhcplanner.districting.contact import (
    Contact,
    crosses_no_area,
    find_contacts,
    footprints,
    link_pieces,
)
from nhcplanner.districting.parts import PartDivision, divide_part, number_of
from nhcplanner.districting.program import NEAR

__all__ = [
    "NEAR",
    "Block",
    "Contact",
    "PartDivision",
    "crosses_no_area",
    "divide_part",
    "find_contacts",
    "footprints",
    "link_pieces",
    "make_block",
    "number_of",
]
