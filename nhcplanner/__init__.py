"""nhcplanner decides, in the open, where England's neighbourhood health centres go."""
