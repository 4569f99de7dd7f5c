"""Steps of planning: Scenario, Place, TravelTimes, Problem, Plan, Assessment, files.

The app, the command line and a notebook all call these functions, in this order.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
