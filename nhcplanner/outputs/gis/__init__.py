"""A plan as layers for GIS and analysis: what they hold, how they look, and their formats."""
