"""Interactive maps and the classes of colour they use."""
