"""Pages of the app: widgets, one workflow call, a drawing. No page computes anything."""

from nhcplanner.pages.menu import pages

__all__ = ["pages"]
