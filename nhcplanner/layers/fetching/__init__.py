"""A place out of official sources, by the names of its councils or its ICB."""
