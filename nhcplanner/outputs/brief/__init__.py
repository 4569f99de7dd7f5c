"""Brief: what a board reads and the evidence behind it, as a web page and as a Word document."""

from nhcplanner.outputs.brief.page import write_page
from nhcplanner.outputs.brief.word import write_word

__all__ = ["write_page", "write_word"]
