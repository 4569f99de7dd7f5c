"""Results of a plan: its map, tables and files, and the versions that made them."""

from __future__ import annotations

import platform
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nhcplanner import access, layers, models, outputs, travel
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.workflow.progress import Progress, report_progress

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    from matplotlib.figure import Figure

VERSIONS = ("nhcplanner", "pulp", "highspy", "numpy", "scipy", "geopandas")
"""Libraries whose versions a plan records."""


class MappedOutcome(Outcome):
    """An outcome with map and tables; separate because `domain` may not import outputs."""

    @property
    def areas(self) -> gpd.GeoDataFrame:
        """Areas with minutes, share within reach and centre, before and after."""
        return outputs.frames.areas(self)

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """The place's sites with their role in the plan and the people whom they serve."""
        return outputs.frames.sites(self)

    @property
    def origins(self) -> gpd.GeoDataFrame:
        """The starting points with minutes before and after, and their centre."""
        return outputs.frames.origins(self)

    def plot(self, by: str = "minutes") -> Figure:
        """Return the plan on a map for print, as a matplotlib figure.

        Parameters
        ----------
        by
            "minutes" to the centre that people go to after the plan, or "need".

        Raises
        ------
        InputError
            If the place has no bands of need and `by` is "need".

        Examples
        --------
        >>> from nhcplanner import Scenario, demo_place, run
        >>> plan = run(demo_place(), Scenario(model="max_coverage", count=4, engine="estimate"))
        >>> figure = plan.plot(by="need")
        >>> figure.savefig("plan.pdf")  # doctest: +SKIP
        """
        return outputs.plan_figure(self, by)

    def explore(self) -> folium.Map:
        """Return the plan on a map (`plan_map`), which a notebook displays.

        Examples
        --------
        >>> from nhcplanner import Scenario, demo_place, run
        >>> plan = run(demo_place(), Scenario(model="max_coverage", count=4, engine="estimate"))
        >>> "SYNTHETIC" in plan.explore().get_root().render()
        True
        """
        return outputs.plan_map(self)


def versions() -> dict[str, str]:
    """Return the versions of the libraries that compute, and the random seed."""
    found = {name: version(name) for name in VERSIONS}
    return found | {"Python": platform.python_version(), "random seed": str(models.SEED)}


def write_results(
    outcome: Outcome, directory: Path, progress: Progress | None = None
) -> tuple[Path, ...]:
    """Write the map, tables, GIS files and record of an outcome to a folder, all or none.

    Isochrones of the open centres are included if travel times come from streets.

    Parameters
    ----------
    outcome
        From `run` or `open_plan`.
    directory
        Folder; created if missing.
    progress
        Receives a sentence about the current step.

    Returns
    -------
    tuple of Path
        The files written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from nhcplanner import Scenario, demo_place, write_results, run
    >>> scenario = Scenario(model="max_coverage", count=4, engine="estimate")
    >>> outcome = run(demo_place(), scenario)
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in write_results(outcome, Path(folder))][:3]
    ['map.html', 'summary.txt', 'plan.json']
    """
    place, scenario, opened = outcome.place, outcome.scenario, outcome.plan.opened
    ground = travel.around(place, scenario, opened, partial(report_progress, progress))
    report_progress(progress, "Writing files")
    inputs = layers.input_files(place, scenario)
    return outputs.write_files(outcome, directory, ground, inputs)


def list_pairs(
    mode: str, times: TravelTimes, origins: np.ndarray, sites: np.ndarray, is_wanted: np.ndarray
) -> pd.DataFrame:
    """Return minutes in long form, a row for each pair within the horizon and a wanted site."""
    pairs = times.minutes.tocoo()
    some = is_wanted[pairs.col]
    return pd.DataFrame(
        {
            "mode": mode,
            "origin": origins[pairs.row[some]],
            "site_id": sites[pairs.col[some]],
            "minutes": pairs.data[some],
        }
    )


def areas_table(outcome: Outcome) -> pd.DataFrame:
    """Return minutes before and after for each area; NaN beyond the horizon."""
    areas = outcome.place.areas
    found = outcome.assessment.areas.reset_index(drop=True).replace([np.inf, -np.inf], np.nan)
    found["area_name"] = areas["area_name"].fillna("").to_numpy() if "area_name" in areas else ""
    found["change"] = found["minutes_after"] - found["minutes_before"]
    return found[TABLES["areas"].names]


def furthest_groups(groups: pd.DataFrame) -> pd.DataFrame:
    """Return the group with the least share within reach of each grouping with several."""
    some = groups[(groups["people"] > 0) & ~groups["group"].isin(["", access.NOT_KNOWN])]
    several = some[some.groupby("grouping")["group"].transform("size") > 1]
    order = several.sort_values(["share_after", "mean_minutes_after"], ascending=[True, False])
    return order.drop_duplicates("grouping").sort_index().reset_index(drop=True)
