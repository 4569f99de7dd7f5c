"""Only: the areas of some councils, districts or ICBs out of a file that holds many."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.words import counted
from nhcplanner.layers.building.inputs import Inputs
from nhcplanner.layers.codes.naming import CODES, LEVELS, areas_named
from nhcplanner.layers.sound import HALO_M, metres_outside


def only(inputs: Inputs, known: pd.DataFrame) -> tuple[Inputs, tuple[str, ...]]:
    """Keep the areas that are wanted, and the sites near enough to serve them.

    Parameters
    ----------
    inputs
        All areas and sites of the files, and the names of those wanted; none = all areas.
    known
        Index area code: what is known of each area.

    Returns
    -------
    Inputs, tuple of str
        With the areas and sites kept, and what was left out in words.

    Raises
    ------
    InputError
        Where no area is of such a name.
    """
    if not inputs.only:
        return inputs, ()
    codes = inputs.areas.frame["area_code"]
    columns = list(dict.fromkeys([*CODES, *(name for level in LEVELS for name in level)]))
    lookup = known.loc[codes].rename_axis("area_code").reset_index().reindex(columns=columns)
    named = areas_named(inputs.only, lookup)
    wanted = codes.isin(named.areas).to_numpy()
    areas = inputs.areas.frame[wanted]
    sites = inputs.sites.frame
    close = metres_outside(gpd.GeoDataFrame(areas), sites.geometry) <= HALO_M
    notes = [f"Only {named.title}: {counted(len(areas), 'area')} of {len(codes):,}", *named.notes]
    if not close.all():
        notes.append(
            f"{counted(int((~close).sum()), 'site')} farther than {HALO_M / 1000:g} km left out"
        )
    if not close.any():
        words = f"no site lies within {HALO_M / 1000:g} km of {named.title}"
        raise InputError([Fault(words, inputs.sites.file, mend="Give sites of this place")])
    inputs = replace(
        inputs,
        areas=inputs.areas.kept(wanted),
        sites=inputs.sites.kept(close),
    )
    return inputs, tuple(notes)
