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

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
