"""A place out of users' own files: read, joined, counted, and said where from."""
