from .everywhere import Everywhere as Everywhere
from .everywhere import plan_everywhere as plan_everywhere
from .executor import Executor as Executor
from .parts import SHARES as SHARES
from .scenarios import read_scenarios as read_scenarios
from .sweep import Sweep as Sweep
from .sweep_parts import SweptParts as SweptParts
from .sweep_parts import sweep_everywhere as sweep_everywhere
