"""Brief for a board with the evidence behind it, as a web page and a Word document.

Return: what regions ask of the ICB, as a Word document to fill in.
"""

from nhcplanner.outputs.brief.documents import write_page, write_word
from nhcplanner.outputs.brief.form import write_return

__all__ = ["write_page", "write_return", "write_word"]
