"""Street networks, from OpenStreetMap data to a graph."""
