"""Drawn: an outcome that shows itself on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nhcplanner import outputs
from nhcplanner.domain.assessment import Outcome

if TYPE_CHECKING:
    import folium


class Drawn(Outcome):
    """An outcome as the story makes it, which also draws itself.

    The noun knows nothing of maps; here, above the room that draws, it may.
    """

    def explore(self) -> folium.Map:
        """The plan on a map, which shows itself in a notebook: `plan_map` of it.

        Examples
        --------
        >>> from nhcplanner import Scenario, demo_place, run
        >>> plan = run(demo_place(), Scenario(model="max_coverage", count=4, engine="estimate"))
        >>> "SYNTHETIC" in plan.explore().get_root().render()
        True
        """
        return outputs.plan_map(self)
