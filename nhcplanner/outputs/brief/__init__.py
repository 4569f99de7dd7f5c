"""Brief for a board with its evidence, and the return to the region, as documents."""

from nhcplanner.outputs.brief.documents import write_page, write_word
from nhcplanner.outputs.brief.form import write_return

__all__ = ["write_page", "write_return", "write_word"]
