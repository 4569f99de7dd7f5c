"""The only door in: users' files and place folders become a sound Place, or a list of faults."""
