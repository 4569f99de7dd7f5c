"""Services that every centre must have: rooms and staff for those that a building lacks."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from nhcplanner.domain.centre_types import Service

SERVICES, ROOMS = "services_today", "rooms"
"""Columns of the sites: services of the building today, and its free consulting rooms."""


def services_to_add(sites: pd.DataFrame, services: Sequence[Service]) -> pd.DataFrame:
    """Return what each site lacks of the services that every centre must have.

    Parameters
    ----------
    sites
        The sites, with the columns `SERVICES` (names with ";" or "," between them) and `ROOMS`
        where known. A site without services is taken to have none of them.
    services
        The services that every centre must have.

    Returns
    -------
    DataFrame
        On the index of `sites`: `services_to_add` (names), `rooms_needed`, `staff_needed`, and
        `has_room`: whether the free rooms are known to suffice.
    """
    texts = sites[SERVICES] if SERVICES in sites else pd.Series("", index=sites.index)
    rows = []
    for text in texts.astype("object").fillna(""):
        known = {part.strip().casefold() for part in re.split("[;,]", str(text))}
        lacking = [one for one in services if one.name.strip().casefold() not in known]
        rows.append(
            {
                "services_to_add": "; ".join(one.name for one in lacking),
                "rooms_needed": sum(one.rooms for one in lacking),
                "staff_needed": sum(one.staff for one in lacking),
            }
        )
    names = ["services_to_add", "rooms_needed", "staff_needed"]
    found = pd.DataFrame(rows, index=sites.index, columns=names)
    rooms = sites[ROOMS] if ROOMS in sites else pd.Series(np.nan, index=sites.index)
    needed = found["rooms_needed"]
    return found.assign(has_room=(needed == 0) | (rooms.astype("float64") >= needed))
