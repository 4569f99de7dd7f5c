"""The stages of a lexicographic solve: bound, search and hold for each goal in turn."""
