"""Plans nearly as good, and how they use each site, as tables, words and map layers."""

from __future__ import annotations

from collections.abc import Sequence

import folium
import pandas as pd

from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.outputs import style
from nhcplanner.outputs.maps import plan_map
from nhcplanner.outputs.sanitise import text

LOOKS = {
    "always": (style.DARK_BLUE, 17, "Always: in every good plan"),
    "often": ("#56B4E9", 14, "Often: in half of the plans found, or more"),
    "sometimes": ("#F0E442", 11, "Sometimes: in some good plan"),
    "never": (style.WHITE, 6, "Never: in no good plan"),
}
"""Colour, diameter in pixels and words of each use."""


def plans(place: Place, found: Sequence[Plan]) -> pd.DataFrame:
    """Return a row for each plan: what it reaches, and how it differs from the first.

    Parameters
    ----------
    place
        Place whose sites the plans open.
    found
        The best plan first.
    """
    site_names = place.site_names
    first = set(found[0].opened)
    rows = []
    for number, one in enumerate(found, 1):
        mine = set(one.opened)
        rows.append(
            {
                "Plan": number,
                "Opens instead": ", ".join(site_names.iloc[sorted(mine - first)]),
                "Leaves out": ", ".join(site_names.iloc[sorted(first - mine)]),
            }
            | {_goal(stage): stage.value for stage in one.stages}
        )
    return pd.DataFrame(rows)


def differs(place: Place, first: Plan, other: Plan) -> str:
    """Describe how a plan differs from the first."""
    site_names = place.site_names
    opens, shuts = (
        ", ".join(site_names.iloc[sorted(set(one.opened) - set(two.opened))])
        for one, two in ((other, first), (first, other))
    )
    if not opens and not shuts:
        return "The same centres as the plan."
    return f"Opens {opens or 'nothing else'}; leaves out {shuts or 'no centre of the plan'}."


def table(roles: pd.DataFrame) -> pd.DataFrame:
    """Return sites by use in words, the most used first.

    Parameters
    ----------
    roles
        `site_id`, `name`, `use`, `share` (of the plans found, 0 to 1) and `proved`.
    """
    order = roles["use"].map({name: number for number, name in enumerate(LOOKS)})
    frame = roles.assign(order=order).sort_values(["order", "share"], ascending=[True, False])
    return pd.DataFrame(
        {
            "Site": frame["name"],
            "In good plans": frame["use"].str.capitalize(),
            "Share of plans": 100 * frame["share"],
            "Proof": frame["proved"].map({True: "Proved", False: "Not proved"}),
            "Site id": frame["site_id"],
        }
    ).reset_index(drop=True)


def summary(roles: pd.DataFrame) -> str:
    """Describe how many sites have each use."""
    counts = roles["use"].value_counts()
    parts = [f"{counts[name]:,} {name}" for name in LOOKS if name in counts]
    doubts = int((~roles["proved"]).sum())
    more = f" This is not proved for {doubts:,} sites." if doubts else " All of this is proved."
    return f"Number of sites that good plans open: {', '.join(parts)}.{more}"


def layers(place: Place, roles: pd.DataFrame) -> list[folium.FeatureGroup]:
    """Return a map layer for each use, the most used on top."""
    sites = place.sites.set_index("site_id")
    made = []
    for number, (use, (colour, size, words)) in enumerate(reversed(LOOKS.items())):
        some = roles[roles["use"] == use]
        tips = [f"<b>{text(name)}</b><br>{text(words)}" for name in some["name"]]
        points = sites.geometry.loc[some["site_id"]]
        made.append(plan_map.point_layer(f"uses_{number}", points, tips, colour, size, style.INK))
    return made


def key(roles: pd.DataFrame) -> str:
    """Return the legend of the discs with their number, as HTML."""
    counts = roles["use"].value_counts()
    return "".join(
        f'<div style="display:flex;align-items:center;gap:8px;padding:2px 0">'
        f'<span style="flex:0 0 18px;text-align:center;line-height:0"><span style="background:'
        f"{colour};border:1px solid {style.INK};border-radius:50%;display:inline-block;"
        f'width:{size}px;height:{size}px"></span></span>{words} ({counts.get(use, 0):,})</div>'
        for use, (colour, size, words) in LOOKS.items()
    )


def _goal(stage: Stage) -> str:
    """Return the heading of a goal, with its unit unless its name states it."""
    name = stage.goal[:1].upper() + stage.goal[1:].replace("_", " ")
    return name if stage.unit in stage.goal else f"{name} ({stage.unit})"
