"""Sizes and services that a planner states in a scenario; imports no frames and no arrays."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from nhcplanner.base.errors import SENTENCE
from nhcplanner.base.text import shortened

AS_IT_IS = "as it is"
"""Name of the option that leaves a site with its own capacity and cost."""
MOST_MODULES = 20
SITE_ID = "site_id"
AT = (
    "kind",
    "status",
    "service_model",
    "works",
    "tenure",
    "neighbourhood",
    "planning_status",
    SITE_ID,
)
"""Columns of the sites by which a size may be limited to some of them."""
NEAR_KINDS = (
    "gp_practice", "branch_surgery", "pharmacy", "library", "family_hub", "job_centre",
    "leisure_centre", "community_centre", "town_hall",
)  # fmt: skip
"""Kinds of buildings that count as services near a centre, unless a scenario names others."""
Amount = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]


def site_line(text: str) -> str:
    """Check and return the id of a site, or a column of the sites and its value."""
    group, colon, label = (part.strip() for part in text.partition(":"))
    if (colon and (group not in AT or not label)) or not group:
        raise ValueError(f"'{text}' should be the id of a site, or like kind:library")
    return text


class Size(BaseModel):
    """A size that a centre may have, as a planner offers it in a scenario.

    A figure that is left out is not known: a size without a capacity has no limit, and one
    without a cost is left out under a budget. Nothing is filled in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: Annotated[str, Field(min_length=1, max_length=60)]
    """Name of the size, as plans and tables state it."""

    capacity: Amount | None = None
    """People that a centre of this size can serve."""

    cost: Amount | None = None
    """Capital cost in pounds."""

    least_people: Amount = 0.0
    """Smallest number of people that a centre of this size must serve."""

    adds: bool = False
    """Whether it extends what stands: capacity and cost are in addition to the site's own."""

    modules: Annotated[int, Field(ge=0, le=MOST_MODULES)] = 0
    """Largest number of modules that may be added."""

    module_capacity: Amount | None = None
    """People that each module adds."""

    module_cost: Amount | None = None
    """Pounds that each module costs."""

    at: tuple[Annotated[str, AfterValidator(site_line)], ...] = ()
    """Sites that may have it: ids, or "kind:library", "works:extension"; none = every site that
    is not open today, or for an extension every site whose own capacity is known."""

    @model_validator(mode="after")
    def _figures_fit_together(self) -> Self:
        words = ""
        if self.modules and (self.module_capacity is None or self.capacity is None):
            words = f"the size {self.name} has modules, so it needs capacity and module_capacity"
        elif self.adds and self.capacity is None:
            words = f"the size {self.name} adds to a site's own, so it needs a capacity"
        elif self.capacity is not None and self.least_people > self._most:
            words = f"the size {self.name} must serve more people than it has room for"
        elif self.name == AS_IT_IS:
            words = f"a size may not be called '{AS_IT_IS}', which is a site's own size"
        if words:
            raise PydanticCustomError(SENTENCE, "{words}", {"words": words})
        return self

    @property
    def _most(self) -> float:
        return (self.capacity or 0.0) + self.modules * (self.module_capacity or 0.0)

    @property
    def words(self) -> str:
        """The size in words.

        Examples
        --------
        >>> Size(name="small", capacity=8000, cost=1.5e6).words
        'small (8,000 people, £1,500,000)'
        """
        parts = ["no limit of people" if self.capacity is None else f"{self.capacity:,.10g} people"]
        parts += ["cost not given" if self.cost is None else f"£{self.cost:,.10g}"]
        parts += [f"serves at least {self.least_people:,.10g}"] if self.least_people else []
        if self.modules:
            price = "" if self.module_cost is None else f" and £{self.module_cost:,.10g}"
            people = f"{self.module_capacity or 0:,.10g} people{price}"
            parts.append(f"up to {self.modules} modules of {people} each")
        more = "in addition to the site's own: " if self.adds else ""
        where = f" at {shortened(self.at)}" if self.at else ""
        return f"{self.name} ({more}{', '.join(parts)}){where}"

    def steps(self) -> list[tuple[str, float | None, float | None]]:
        """Return name, capacity and cost for each number of modules."""
        found: list[tuple[str, float | None, float | None]] = []
        for number in range(self.modules + 1):
            name = f"{self.name} + {number} module{'s' if number > 1 else ''}"
            room = None if self.capacity is None else self.capacity
            if room is not None:
                room += number * (self.module_capacity or 0.0)
            cost = self.cost
            if number and (cost is None or self.module_cost is None):
                cost = None
            elif cost is not None and self.module_cost is not None:
                cost += number * self.module_cost
            found.append((name if number else self.name, room, cost))
        return found


class Service(BaseModel):
    """A service without which a centre is not designated, as a planner states it in a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: Annotated[str, Field(min_length=1, max_length=60)]
    """Name of the service, as the sites' column services_today has it."""

    rooms: Amount = 0.0
    """Consulting rooms that it needs in a building that lacks it."""

    staff: Amount = 0.0
    """Staff (full-time equivalents) that it needs in a building that lacks it."""
