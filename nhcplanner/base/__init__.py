"""General helpers for files, errors, processes and text, without knowledge of health care."""
