"""nhcplanner decides, in the open, where England's neighbourhood health centres go.

`run` does everything in one call. Step by step: `load`, `demo_place` or `build` give a Place,
`rank` gives the order of need, `measure` gives TravelTimes, `build_problem` a Problem,
`solve_scenario` a Plan, `assess` an Assessment, and `write_results` writes the files.
`open_plan`, `rerun_plan`, `compare_plans`, `gather_evidence` and `export_hand_in` work on finished
plans; `explore` answers questions beyond one plan; `sweep` and `plan_everywhere` make many plans at
once; `place_map` and `plan_map` draw maps. `solve` solves any Problem with a model of the
`catalogue`, without a place.

Names are imported on first use, so that `import nhcplanner` is fast. The stub `__init__.pyi` lists
them for editors, type checkers and the loader.

Examples
--------
>>> import nhcplanner as nhc
>>> problem = nhc.Problem.from_minutes([[5, 30], [25, 8]], people=[100, 50], count=1)
>>> nhc.solve(problem, "max_coverage").opened
(0,)
"""

import warnings
from typing import Any

import lazy_loader

_OLD_NAMES = {
    "pose": "build_problem",
    "decide": "solve_scenario",
    "publish": "write_results",
    "reopen": "open_plan",
    "rerun": "rerun_plan",
    "compare": "compare_plans",
    "evidence": "gather_evidence",
    "export": "export_hand_in",
}
"""Names of release 0.1, each with its new name; they will be removed in release 0.3."""

_get, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    if name in _OLD_NAMES:
        new = _OLD_NAMES[name]
        message = f"nhcplanner.{name} is now called nhcplanner.{new}; the old name will be removed"
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        globals()[name] = _get(new)  # the second use does not warn
        return globals()[name]
    return _get(name)
