"""Many plans at once: many scenarios for a place, or a place part by part.

| module | contents |
|---|---|
| `executor` | where the work runs: this process, several, or a Dask cluster |
| `workers` | tasks on workers; a task whose worker dies is started again |
| `cache` | finished plans on disk, by a hash of everything that they depend on |
| `scenarios` | scenario files of a sweep, read and checked |
| `sweep` | many scenarios for one place |
| `parts`, `everywhere` | a problem divided into parts, and the plans of all parts as one |
| `sweep_parts` | many scenarios for every part, as one queue |
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
