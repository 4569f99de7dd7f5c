"""Coordinates, grid references and postcodes as points in EPSG:27700."""
