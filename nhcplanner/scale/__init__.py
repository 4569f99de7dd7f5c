"""Many plans at once: many scenarios on a place, or a place part by part, on many workers.

| file | what is in it |
|---|---|
| `crew` | who does the work: this process, several, or a Dask cluster |
| `work`, `processes`, `cluster` | work handed out, taken in, begun again where a worker died |
| `finished` | plans kept on disk as they come, by a hash of all that they rest on |
| `solving` | questions into plans, through both |
| `scenarios`, `sweeping` | many scenarios on one place |
| `parts`, `shares`, `shared` | one question parted, with a halo of the centres around each part |
| `everywhere`, `told` | every part planned, told together |
| `record` | what is written down of it |
"""

from nhcplanner.scale.crew import Crew
from nhcplanner.scale.everywhere import Everywhere, plan_everywhere
from nhcplanner.scale.scenarios import read_scenarios
from nhcplanner.scale.shares import SHARES
from nhcplanner.scale.sweeping import Sweep, sweep
from nhcplanner.scale.work import StoppedError

__all__ = [
    "SHARES",
    "Crew",
    "Everywhere",
    "StoppedError",
    "Sweep",
    "plan_everywhere",
    "read_scenarios",
    "sweep",
]
