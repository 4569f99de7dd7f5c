"""Lower and upper bounds that prove how good a plan is."""
