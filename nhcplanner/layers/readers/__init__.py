"""Readers of users' files of any format, as tables."""
