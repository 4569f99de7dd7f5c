"""Siting measured against other packages: value, gap and CPU seconds on the same problems."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.models import solve
from tests.benchmarks.child import measured
from tests.benchmarks.frame import Asked, Row, lacking
from tests.benchmarks.posed import made, read_posed, tiny, write_posed

SECONDS = {"b": 45, "c": 60}
PATIENCE = 2  # times its limit after which a package that does not keep it is ended
PULP = {"PuLP with CBC": "PULP_CBC_CMD", "PuLP with HiGHS": "HiGHS"}
WORDS = {
    "max_coverage": "most people",
    "set_cover": "fewest centres for everyone",
    "lowest_hle_first": "lowest HLE first",
    "p_median": "least travel",
    "p_median_within_capacity": "least travel with room for so many",
    "max_coverage_within_capacity": "most people with room for so many",
}


class Case(NamedTuple):
    """A model on an instance, and who else is asked."""

    model: str
    size: str
    tools: tuple[str, ...] = ()


CASES = (
    Case("max_coverage", "b", ("spopt with CBC", "lokigi", *PULP)),
    Case("max_coverage", "c", tuple(PULP)),
    Case("set_cover", "c", ("spopt with CBC", *PULP)),
    Case("lowest_hle_first", "b"),
    Case("p_median", "b", ("spopt with CBC", *PULP)),
    Case("p_median", "c"),
    Case("p_median_within_capacity", "b", tuple(PULP)),
    Case("max_coverage_within_capacity", "b"),
)
SHORT = (
    Case("max_coverage", "tiny", ("spopt with CBC", "PuLP with CBC")),
    Case("set_cover", "tiny", ("PuLP with HiGHS",)),
    Case("lowest_hle_first", "tiny"),
    Case("p_median_within_capacity", "tiny", ("PuLP with CBC",)),
)


def rows(asked: Asked) -> Iterator[Row]:
    """Measure every case, ours first."""
    for case in SHORT if asked.short else CASES:
        yield from on_case(asked, case)


def on_case(asked: Asked, case: Case) -> Iterator[Row]:
    """One problem, handed to us and to every other tool."""
    words = WORDS[case.model]
    if case.size != "tiny" and asked.instances is None:
        yield lacking(f"{words}, size {case.size}", "no instances")
        return
    posed = tiny(case.model) if case.size == "tiny" else made(asked.instances, *case[:2])
    people, sites = posed.minutes.shape
    job = f"{words}, {people:,} x {sites:,}" + (f", {posed.count} centres" if posed.count else "")
    seconds = SECONDS.get(case.size, 30)
    file = write_posed(posed, asked.scratch / "problem.npz")
    given = {"problem": file, "model": case.model, "seconds": seconds}
    ours = asked.measure(job, "bench_siting:ours", **given)
    yield ours
    for tool in case.tools:
        more = {"solver": PULP[tool]} if tool in PULP else {}
        function = f"peers_siting:{tool.split()[0].lower()}"
        row = asked.measure(job, function, tool=tool, limit=PATIENCE * seconds, **given, **more)
        yield held_against(row, ours)


def held_against(row: Row, ours: Row) -> Row:
    """Say how far another tool's value lies from ours."""
    if row.value is None or not ours.value:
        return row
    apart = f"{100 * (row.value / ours.value - 1):+.2f} % against ours"
    return replace(row, note="; ".join(filter(None, (row.note, apart))))


def ours(problem: str, model: str, seconds: float) -> dict:
    """Our plan for a problem of `posed`."""
    given = read_posed(problem)
    posed = Problem.from_minutes(
        given.minutes, people=given.people, bands=given.bands, count=given.count,
        capacity=given.capacity, reach=given.reach,
    )  # fmt: skip
    spent, plan = measured(lambda: solve(posed, model, time_limit=seconds))
    return {**spent, **told(plan)}


def told(plan: Plan) -> dict:
    """A plan as a row tells it: what all stages reach, and the widest gap."""
    reached = [stage for stage in plan.stages if stage.value is not None]
    gaps = [stage.gap for stage in reached if stage.gap is not None]
    alone = reached[0] if len(reached) == 1 else None
    note = "proved" if plan.status == "optimal" else plan.status
    if alone is None:
        note += "; by band " + ", ".join(f"{stage.value:,.0f}" for stage in reached)
    return {
        "value": float(sum(stage.value for stage in reached)) if reached else None,
        "unit": reached[0].unit if reached else "",
        "bound": alone.bound if alone else None,
        "gap": 100 * max(gaps) if gaps else None,
        "note": note,
    }
