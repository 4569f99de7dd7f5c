"""The app's pages: widgets, one workflow call, a drawing. No page works anything out."""

from nhcplanner.pages.menu import pages

__all__ = ["pages"]
