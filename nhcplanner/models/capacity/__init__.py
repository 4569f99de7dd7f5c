"""Models of centres with limited capacity."""
