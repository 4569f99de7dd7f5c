"""Centres that can serve only so many people."""
