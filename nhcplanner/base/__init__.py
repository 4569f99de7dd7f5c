"""What every room needs and what knows nothing of health care."""
