"""People by area and where they start from."""
