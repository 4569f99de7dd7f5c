"""General helpers for files, errors, processes and text; nothing here knows of health care."""
