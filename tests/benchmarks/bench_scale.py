"""All England by integrated care board, each planned by itself, on one core and on every core."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from nhcplanner import layers, scale
from nhcplanner.domain.scenario import Scenario
from tests.benchmarks.bench_england import england_folder
from tests.benchmarks.child import measured
from tests.benchmarks.frame import Asked, Row, lacking

COUNT, SECONDS = 1000, 60


def rows(asked: Asked) -> Iterator[Row]:
    """Measure both ways to travel in one process and in several, then a second run of the last."""
    jobs = os.cpu_count() or 1
    wanted = [(mode, number) for mode in ("walk", "drive") for number in dict.fromkeys((1, jobs))]
    folder = None if asked.short else england_folder(asked)
    for mode, number in wanted:
        words = "one process" if number == 1 else f"{number} processes"
        job = f"all ICBs of England, {COUNT:,} centres by people, five bands, by {mode}, {words}"
        if folder is None:
            yield lacking(job, "a short run" if asked.short else "no real layers")
            continue
        yield asked.measure(job, "bench_scale:everywhere", folder=folder, mode=mode, jobs=number)


def everywhere(folder: str, mode: str, jobs: int) -> dict:
    """Plan every board and write the tables; then again, with every plan at hand."""
    place = layers.read_place(Path(folder))
    reach = {"walk": 20.0, "drive": 10.0}[mode]
    asked = Scenario(mode=mode, reach=reach, horizon=20, count=COUNT, time_limit=SECONDS)
    with TemporaryDirectory() as out:

        def whole() -> scale.Everywhere:
            executor = scale.Executor(jobs)
            return scale.plan_everywhere(
                place, asked, share="people", out=Path(out), executor=executor
            )

        spent, found = measured(whole)
        again, _ = measured(whole)
    gaps = 100 * found.table["gap"]
    proved = int((gaps == 0).sum())
    within = found.outcome.assessment.people_within["people_after"]
    note = (
        f"{proved} of {len(gaps)} boards proved to 0, every band; again, all kept: "
        f"{again['wall']:.1f} s"
    )
    return {**spent, "value": within[reach], "unit": "people", "gap": gaps.max(), "note": note}
