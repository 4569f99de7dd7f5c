"""Notes: what a reader of an assessment must know beside its figures."""

from __future__ import annotations

from nhcplanner.access.cars import car_note
from nhcplanner.access.weights import need_note
from nhcplanner.domain.assessment import Assessment
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.times import TravelTimes


def notes(
    place: Place, times: TravelTimes, plan: Plan, scenario: Scenario, found: Assessment
) -> tuple[str, ...]:
    """What a reader of an assessment must know of bands, minutes and capacity, in words.

    Parameters
    ----------
    place
        With a row of its origins for each row of the minutes.
    times, plan, scenario, found
        What was measured, decided, asked and assessed.
    """
    said = [found.need.basis]
    if scenario.need:
        said.append(need_note(place, scenario))
    if scenario.by_car:
        said.append(car_note(place))
    if times.snap is not None:
        for name, frame in (("starting points", times.snap.origins), ("sites", times.snap.sites)):
            far, cut = int(frame["far"].sum()), int(frame["cut_off"].sum())
            if far or cut:
                said.append(
                    f"{far} {name} lie over {scenario.far_snap_m:g} m from the streets; "
                    f"{cut} are cut off"
                )
    if plan.unreached:
        people = place.origins["people"].to_numpy()[list(plan.unreached)].sum()
        said.append(
            f"{len(plan.unreached):,} starting points ({people:,.0f} people) are reached by no "
            "allowed site"
        )
    over = found.catchments["over_capacity"] > 0
    said += [
        f"{row.site_id}: {row.people:,.0f} people for a capacity of {row.capacity:,.0f}"
        for row in found.catchments[over].itertuples()
    ]
    return tuple(said)
