"""Check of a hand-in from its files alone, by code that shares nothing with the planner's.

Of the package this room imports only `base`: the limits within which files are read.
"""

from nhcplanner.verify.check import FORMATS, check_hand_in
from nhcplanner.verify.ledger import Figure, Ledger, grouped

__all__ = ["FORMATS", "Figure", "Ledger", "check_hand_in", "grouped"]
