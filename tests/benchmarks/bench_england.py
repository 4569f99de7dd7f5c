"""All England measured: 33,755 areas planned at once, files written, and planned in waves."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from nhcplanner import explore, layers, models, workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.scenario import Scenario
from tests.benchmarks.bench_siting import told
from tests.benchmarks.child import measured
from tests.benchmarks.frame import Asked, Row, lacking
from tests.real.conftest import england

COUNT, SECONDS = 250, 150
WAVES = {2027: 27, 2030: 120, 2035: 250}


def rows(asked: Asked) -> Iterator[Row]:
    """Measure the plan with its files, then the waves."""
    plan = f"all England, {COUNT} centres, five bands, on foot, files written"
    folder = None if asked.short else england_folder(asked)
    if folder is None:
        yield lacking(plan, "a short run" if asked.short else "no real layers")
        return
    yield asked.measure(plan, "bench_england:planned", folder=folder)
    words = ", ".join(str(count) for count in WAVES.values())
    waves = f"all England in waves of {words} centres, on foot"
    yield asked.measure(waves, "bench_england:in_waves", folder=folder)


def england_folder(asked: Asked) -> Path | None:
    """The place folder that was named, or one built of the real layers once a run."""
    if asked.england or asked.real is None:
        return asked.england
    folder = asked.scratch / "england"
    if not folder.exists():
        layers.write_place(england(asked.real, asked.scratch), folder)
    return folder


def planned(folder: str) -> dict:
    """Read the place, plan it and write all files; nothing measured before is used."""

    def whole() -> Outcome:
        place = layers.read_place(folder)
        scenario = Scenario(count=COUNT, time_limit=SECONDS)
        outcome = workflow.run(place, scenario, keep=False)
        with TemporaryDirectory() as out:
            workflow.write_results(outcome, Path(out))
        return outcome

    spent, outcome = measured(whole)
    return {**spent, **told(outcome.plan)}


def in_waves(folder: str) -> dict:
    """Read the place and plan it in waves, each also afresh; nothing measured before is used."""

    def whole() -> explore.Phasing:
        place = layers.read_place(folder)
        scenario = Scenario(count=COUNT)
        need = workflow.rank(place, scenario)
        times = workflow.measure(place, scenario, keep=False)
        problem, model = models.build_model(
            workflow.build_problem(place, times, scenario, need), scenario
        )
        waves = [explore.Wave(str(year), count) for year, count in WAVES.items()]
        return explore.plan_in_waves(problem, model, waves)

    spent, phasing = measured(whole)
    return {**spent, **told_of(phasing)}


def told_of(phasing: explore.Phasing) -> dict:
    """Waves as a row tells them: people by the last that has a plan, and the widest gap."""
    if not phasing.waves:
        return {"note": f"no wave has a plan: {phasing.reason}"}
    plans = [wave.plan for wave in phasing.waves]
    proved = sum(plan.status == "optimal" for plan in plans)
    gaps = [100 * stage.gap for plan in plans for stage in plan.stages if stage.gap is not None]
    note = f"{proved} of {len(WAVES)} waves proved, every band of each"
    return {
        "value": float(sum(phasing.waves[-1].by_band.values())),
        "unit": "people",
        "gap": max(gaps, default=None),
        "note": "; ".join(filter(None, (note, phasing.reason))),
    }
