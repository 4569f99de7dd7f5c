"""One goal of a lexicographic solve after another: bounded, searched and held."""
