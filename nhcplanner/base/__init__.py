"""Base: what knows nothing of health care and what every other room may use."""
