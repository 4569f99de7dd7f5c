"""One table, chart and wording per subject."""
