"""Division of areas into footprints that are contiguous, compact and within bounds of people.

| module | contents |
|---|---|
| `contact` | areas that touch, and links over water |
| `block_search` | blocks of areas that stay whole, and a quick search for a division |
| `program` | the integer program, with contiguity cuts |
| `divisions` | the division of each part of a place, and tables of its footprints |
"""

from nhcplanner.districting.block_search import Block, make_block
from nhcplanner.districting.contact import (
    Contact,
    crosses_no_area,
    find_contacts,
    link_pieces,
)
from nhcplanner.districting.divisions import PartDivision, divide_part, footprints, number_of
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
