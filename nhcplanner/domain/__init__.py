"""The data classes of the planner, and the columns of its layers; no disk, network or screen."""
