"""The data classes of the planner, and the schema; no disk, network or screen."""
