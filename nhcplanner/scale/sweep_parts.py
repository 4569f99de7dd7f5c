"""Many scenarios for every part of a place, as one run: scenarios times parts, in one queue."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pandas as pd

from nhcplanner import layers, outputs, workflow
from nhcplanner.base.atomic import write_whole
from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.display import Card, Display
from nhcplanner.domain.display import share as per_cent
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.scenario import Scenario
from nhcplanner.scale.cache import FOLDER
from nhcplanner.scale.everywhere import DividedPlace, divide
from nhcplanner.scale.executor import Executor, PlanRequest, Row, solve_requests
from nhcplanner.scale.scenarios import travel_key
from nhcplanner.scale.sweep import row_of

THIS_PROCESS = Executor()
FORMAT = 1
"""Version of the form of stored results."""


@dataclass(frozen=True, eq=False, repr=False)
class SweptParts(Display):
    """The results of many scenarios for every part of a place.

    Parameters
    ----------
    table
        One row for each scenario: as `Sweep.table`, for all parts as one plan, with `parts` and
        `parts_proved` (parts whose plan is optimal). There is no proof for the whole.
    parts
        One row for each scenario and part: `scenario`, then as `Everywhere.table`.
    from_store
        Number of scenarios whose results were stored by an earlier run.
    files
        The files written.
    """

    table: pd.DataFrame
    parts: pd.DataFrame
    from_store: int
    files: tuple[Path, ...] = ()

    def _card(self) -> Card:
        names = ["scenario", "parts", "parts_proved", "centres", "share_after"]
        columns = self.table[names].assign(share_after=self.table["share_after"].map(per_cent))
        rows = columns.astype("object").itertuples(index=False, name=None)
        title = plural(len(self.table), "scenario")
        return Card(title, [dict(zip(names, row, strict=True)) for row in rows])


@dataclass
class _UnderWay:
    """A scenario whose parts are being planned."""

    divided: DividedPlace
    key: str
    plans: dict[str, Plan] = field(default_factory=dict)


def sweep_everywhere(
    place: Place,
    scenarios: Mapping[str, Scenario],
    by: str = "icb_code",
    share: str = "each",
    out: Path | None = None,
    executor: Executor = THIS_PROCESS,
) -> SweptParts:
    """Plan every part of a place for each of many scenarios, as `plan_everywhere` would.

    All parts of all scenarios are one queue, so that no worker waits for the last part of a
    scenario. Results are stored under a hash of the place's files, the scenario and the versions,
    so that a second run reads those that are there and makes the rest.

    Parameters
    ----------
    place
        From `load` or `demo_place`.
    scenarios
        By name.
    by, share, out, executor
        As for `plan_everywhere`. `out` receives `sweep.csv` and `parts.csv`.

    Returns
    -------
    SweptParts
        A table of the scenarios, one of their parts, and the files written.

    Raises
    ------
    InputError
        As `plan_everywhere`.
    PlannerError
        If some parts could not be planned, or the user asked to stop; finished plans are kept.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, scale
    >>> base = Scenario(model="max_coverage", mode="cycle")
    >>> counts = {f"{n} centres": base.with_settings([f"count={n}"]) for n in (4, 5)}
    >>> found = scale.sweep_everywhere(demo_place(), counts, "council_code", "people")
    >>> found.table["centres"].tolist()
    [4, 5]
    """
    if not scenarios:
        raise InputError(["no scenario is given"])
    store = _Store(place, by, share, out)
    results = {name: store.read(scenario) for name, scenario in scenarios.items()}
    found = {name: one for name, one in results.items() if one is not None}
    from_store = len(found)
    missing = {name: one for name, one in scenarios.items() if name not in found}
    under_way: dict[str, _UnderWay] = {}
    names: dict[PlanRequest, tuple[str, str]] = {}
    requests = _requests(store, missing, under_way, names, executor.progress)
    total = len(missing) * _number_of_parts(place, by)
    for one in solve_requests(requests, total, executor, out):
        name, part = names.pop(one.request)
        scenario = under_way[name]
        scenario.plans[part] = one.plan
        if len(scenario.plans) == len(scenario.divided.parted.parts):
            found[name] = _result(under_way.pop(name))
            store.write(scenario.key, found[name])
    table = pd.DataFrame([{"scenario": name} | found[name][0] for name in scenarios])
    table = table.astype({"count": "Int64"})
    parts = pd.concat([_named(name, found[name][1]) for name in scenarios], ignore_index=True)
    files: tuple[Path, ...] = ()
    if out is not None:
        files = outputs.write_table_files(out, {"sweep": table, "parts": parts}, {})
    return SweptParts(table, parts, from_store, files)


_Result = tuple[Row, pd.DataFrame]


def _requests(
    store: _Store,
    scenarios: Mapping[str, Scenario],
    under_way: dict[str, _UnderWay],
    names: dict[PlanRequest, tuple[str, str]],
    progress: workflow.Progress | None,
) -> Iterator[PlanRequest]:
    """Yield the parts of each scenario; minutes are measured once for equal travel settings."""
    place = store.place
    by_travel: dict[tuple[object, ...], list[str]] = {}
    for name, scenario in scenarios.items():
        by_travel.setdefault(travel_key(place, scenario), []).append(name)
    for alike in by_travel.values():
        times = workflow.measure(place, scenarios[alike[0]], progress)
        for name in alike:
            divided = divide(place, scenarios[name], times, store.by, store.share)
            under_way[name] = _UnderWay(divided, store.key_of(scenarios[name]))
            for one in divided.parted.requests():
                request = PlanRequest(f"{name}, {one.name}", one.problem, one.scenario)
                names[request] = name, one.name
                yield request


def _result(done: _UnderWay) -> _Result:
    outcome, tables, plans = done.divided.combine(done.plans)
    row = row_of(outcome) | {
        "parts": len(plans),
        "parts_proved": sum(plan.status == "optimal" for plan in plans.values()),
    }
    return row, tables["parts"]


def _named(name: str, parts: pd.DataFrame) -> pd.DataFrame:
    parts = parts.copy()
    parts.insert(0, "scenario", name)
    return parts


def _number_of_parts(place: Place, by: str) -> int:
    return int(place.areas[by].nunique()) if by in place.areas else 1


class _Store:
    """Results of whole scenarios on disk; none for a place without files.

    Parameters
    ----------
    place, by, share, out
        As for `sweep_everywhere`.
    """

    def __init__(self, place: Place, by: str, share: str, out: Path | None) -> None:
        self.place, self.by, self.share = place, by, share
        self._folder = out / FOLDER if out is not None and place.folder is not None else None
        self._inputs: dict[str, object] = {}

    def key_of(self, scenario: Scenario) -> str:
        """Return a hash of everything that a scenario's results depend on; empty without files."""
        if self._folder is None:
            return ""
        if scenario.profile not in self._inputs:  # files are read once, not for each scenario
            files = layers.input_files(self.place, scenario)
            self._inputs[scenario.profile] = [asdict(one) for one in files]
        content = [
            FORMAT,
            self.by,
            self.share,
            scenario.model_dump(mode="json"),
            self._inputs[scenario.profile],
            workflow.versions(),
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def read(self, scenario: Scenario) -> _Result | None:
        """Return stored results; None if they are missing or damaged."""
        key = self.key_of(scenario)
        if self._folder is None:
            return None
        with suppress(OSError, ValueError, KeyError):
            content = json.loads((self._folder / f"parts-{key}.json").read_text("utf-8"))
            text = io.StringIO(json.dumps(content["parts"]))
            parts = pd.read_json(text, orient="table").astype({"count": "Int64"})
            return content["row"], parts
        return None

    def write(self, key: str, result: _Result) -> None:
        """Store the results of a scenario."""
        if self._folder is None:
            return
        row, parts = result
        content = {"row": row, "parts": json.loads(parts.to_json(orient="table", index=False))}
        path = self._folder / f"parts-{key}.json"
        write_whole(path, json.dumps(content, default=_plain).encode())


def _plain(value: object) -> object:
    """Return a number of numpy as Python's."""
    item = getattr(value, "item", None)
    return item() if callable(item) else str(value)
