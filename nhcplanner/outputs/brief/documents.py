"""The brief: its sections, and the web page and the Word document written from them."""

from __future__ import annotations

import base64
import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as Grid
from docx.text.paragraph import Paragraph as Line
from jinja2 import Environment, PackageLoader, StrictUndefined

from nhcplanner.base.lazy import cache_by_identity
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import style
from nhcplanner.outputs.brief import annexes, board, choices
from nhcplanner.outputs.brief import sections as brief_sections
from nhcplanner.outputs.brief.parts import (
    Brief,
    BriefSection,
    Bullets,
    Commands,
    Figure,
    Paragraph,
    Part,
    Table,
    numbered,
)
from nhcplanner.outputs.sanitise import file_name, printable
from nhcplanner.outputs.wording import terms


@cache_by_identity
def content(evidence: Evidence) -> Brief:
    """Return the brief of a plan, with numbered tables and figures.

    Parameters
    ----------
    evidence
        Evidence for the plan; the brief states which parts are missing, and why.
    """
    sections = (
        *board.board(evidence),
        brief_sections.plan_section(evidence),
        brief_sections.need_section(evidence),
        brief_sections.method_section(evidence),
        annexes.travel_section(evidence),
        annexes.equality_section(evidence),
        *annexes.group_sections(evidence),
        choices.options_section(evidence),
        choices.sure_section(evidence),
        *brief_sections.waves_section(evidence),
        annexes.limits_section(evidence),
        annexes.sources_section(evidence),
        annexes.again_section(evidence),
    )
    title = "Neighbourhood health centres"
    place = evidence.outcome.place.title
    return Brief(title, place, _marks(evidence), numbered(sections))


def _marks(evidence: Evidence) -> tuple[str, ...]:
    """Return the marks of every page: whether the place is invented."""
    return (terms.SYNTHETIC,) if evidence.outcome.place.synthetic else ()


_TEMPLATES = Environment(
    loader=PackageLoader("nhcplanner.outputs.brief"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_WORD = 24


def write_page(evidence: Evidence, folder: Path) -> None:
    """Write `nhc-PLACE.html` into a folder; it includes its pictures and loads nothing.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    brief = content(evidence)
    save_page(brief, folder / file_name(f"nhc-{brief.place}", ".html"))


def save_page(brief: Brief, path: Path) -> None:
    """Write a description of a document as a web page; raises as `write_page` does."""
    text = _TEMPLATES.get_template("brief.html.j2").render(
        brief=brief, kind_of=_kind, picture=_picture, has_long_word=_has_long_word
    )
    path.write_text(text, encoding="utf-8", newline="\n")


def _kind(part: Part) -> str:
    return type(part).__name__


def _has_long_word(text: str) -> bool:
    """Whether a text has a word that is too long for a narrow column."""
    return any(len(word) > _WORD for word in text.split())


def _picture(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


_FONT = "Arial"
_MARGIN, _WIDTH = 18.0, 210.0 - 2 * 18.0
_LETTER, _BOLD, _EDGES = 1.72, 1.98, 2.6
"""Millimetres of a letter at 8 points, plain and bold, in a font wider than Arial, and of the two
edges of a cell: words stay whole where another font stands in for Arial."""
_LONG, _MOST = 24, 40
"""Longest word that is not divided, and longest word that the widest column holds, in letters."""
_SHORT = 12
"""Rows up to which a table stays on one page."""
_LOOKS = {"plain": "Normal", "lead": "Intense Quote", "small": "Small"}
BLANK = "to be filled in"
"""Text of a shaded cell for people to fill."""
_LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001  (the same evidence, the same bytes)


def write_word(evidence: Evidence, folder: Path) -> None:
    """Write `nhc-PLACE.docx` into a folder; the same evidence gives the same bytes.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    brief = content(evidence)
    save_word(brief, folder / file_name(f"nhc-{brief.place}", ".docx"))


def save_word(brief: Brief, path: Path) -> None:
    """Write a brief as a Word file; raises the errors of `write_word`."""
    document = docx.Document()
    _styles(document)
    if brief.one_page:
        _set_small(document)
    _frame(document, brief)
    document.add_paragraph(printable(f"{brief.title}: {brief.place}"), style="Title")
    for mark in brief.marks:
        document.add_paragraph(printable(mark), style="Intense Quote")
    for section in brief.sections:
        _section(document, section)
    buffer = io.BytesIO()
    document.save(buffer)
    path.write_bytes(_undated(buffer.getvalue()))


def _styles(document: Document) -> None:
    """Set fonts and colours of the document's styles."""
    sizes = {"Normal": 9.5, "Title": 17, "Heading 1": 13, "Heading 2": 11, "Caption": 9}
    for name, size in sizes.items():
        one = document.styles[name]
        one.font.name, one.font.size = _FONT, Pt(size)
        one.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            one.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
    for name in ("Title", "Heading 1", "Heading 2", "Intense Quote", "Caption"):
        document.styles[name].font.color.rgb = _colour(style.DARK_BLUE)
    normal: ParagraphStyle = document.styles["Normal"]
    normal.paragraph_format.space_after = Pt(3)
    document.styles["List Bullet"].paragraph_format.space_after = Pt(1.5)
    for name, before in (("Heading 1", 9), ("Heading 2", 5)):
        document.styles[name].paragraph_format.space_before = Pt(before)
        document.styles[name].paragraph_format.space_after = Pt(2)
    lead = document.styles["Intense Quote"].paragraph_format
    lead.space_before, lead.space_after, lead.left_indent, lead.right_indent = Pt(2), Pt(4), 0, 0
    document.styles["Caption"].paragraph_format.keep_with_next = True
    document.styles["Intense Quote"].font.italic = False
    small = document.styles.add_style("Small", 1)
    small.base_style, small.font.size = normal, Pt(8)
    typed = document.styles.add_style("Commands", 1)
    typed.base_style, typed.font.name = normal, "Courier New"


def _set_small(document: Document) -> None:
    """Set the styles smaller, for a document of one page."""
    for name, size in {"Normal": 8.5, "Title": 13, "Small": 7, "Caption": 8}.items():
        document.styles[name].font.size = Pt(size)
    document.styles["Intense Quote"].font.size = Pt(9.5)
    for name in ("Normal", "Title", "Small", "Caption", "List Bullet", "Intense Quote"):
        layout = document.styles[name].paragraph_format
        layout.space_before, layout.space_after, layout.line_spacing = Pt(0), Pt(1.5), 1.0


def _frame(document: Document, brief: Brief) -> None:
    """Set the paper, header and footer, and the properties of the document."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(_MARGIN)
    if brief.one_page:
        page.top_margin = page.bottom_margin = Mm(12)
        page.header_distance = page.footer_distance = Mm(5)
    head = page.header.paragraphs[0]
    head.style = document.styles["Small"]
    head.add_run(printable(". ".join([*brief.marks, brief.place]))).bold = bool(brief.marks)
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    foot.add_run("Page ")
    _field(foot, "PAGE")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES")
    about = document.core_properties
    about.title, about.author = printable(f"{brief.title}: {brief.place}")[:255], "nhcplanner"
    about.comments, about.language = "", "en-GB"
    about.created = about.modified = _LONG_AGO
    about.last_modified_by, about.revision = "nhcplanner", 1


def _field(line: Line, name: str) -> None:
    """Add a field that Word computes, such as the page number."""
    run = line.add_run()
    for kind in ("begin", "", "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = name
        run._r.append(element)  # noqa: SLF001  (python-docx has no fields)


def _section(document: Document, section: BriefSection) -> None:
    if section.title:
        heading = document.add_heading(printable(section.title), section.level)
        heading.paragraph_format.page_break_before = section.fresh
    for part in section.parts:
        _part(document, part)


def _part(document: Document, part: Part) -> None:
    match part:
        case Paragraph():
            document.add_paragraph(printable(part.text), style=_LOOKS[part.look])
        case Bullets():
            for item in part.items:
                document.add_paragraph(printable(item), style="List Bullet")
        case Commands():
            for line in part.lines:
                document.add_paragraph(printable(line), style="Commands")
        case Table():
            _table(document, part)
        case Figure():
            _figure(document, part)


def _table(document: Document, part: Table) -> None:
    document.add_paragraph(printable(part.caption), style="Caption")
    grid = document.add_table(len(part.rows) + 1, len(part.heads), style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    described = grid._tbl.tblPr  # noqa: SLF001  (python-docx has no alternative text of tables)
    grid.autofit = False
    described.find(qn("w:tblLook")).addprevious(_margins())
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), printable(part.caption))
    described.append(caption)
    for column, width in zip(grid.columns, widths(part), strict=True):
        column.width = Mm(width)
    _row(grid, 0, part.heads, part.numbers)
    for number, row in enumerate(part.rows, 1):
        _row(grid, number, row, part.numbers)
    if len(part.rows) <= _SHORT:
        for row_of_cells in grid.rows:
            for one in row_of_cells.cells:
                one.paragraphs[0].paragraph_format.keep_with_next = True
    document.add_paragraph(printable(part.note), style="Small")


def _margins() -> Any:
    """Set narrow margins in the cells of a table (in twentieths of a point)."""
    edges = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "57")
        edge.set(qn("w:type"), "dxa")
        edges.append(edge)
    return edges


def widths(part: Table) -> list[float]:
    """Return column widths in millimetres, by the longest word and the longest cell of each."""
    least, desired = [], []
    for head, *cells in zip(part.heads, *part.rows, strict=True):
        words = [min(len(word), _LONG) for cell in cells for word in cell.split()]
        whole = max(_LETTER * max(words, default=1), _BOLD * max(map(len, head.split() or [""])))
        longest = _LETTER * min(max(map(len, cells), default=1), _MOST)
        least.append(whole + _EDGES)
        desired.append(max(whole, longest) + _EDGES)
    if sum(least) >= _WIDTH:
        return [_WIDTH * width / sum(least) for width in least]
    more = [want - low for want, low in zip(desired, least, strict=True)]
    rest = _WIDTH - sum(least)
    if sum(more) >= rest:
        return [low + rest * width / sum(more) for low, width in zip(least, more, strict=True)]
    return [_WIDTH * width / sum(desired) for width in desired]


def _row(grid: Grid, number: int, cells: tuple[str, ...], figures: tuple[bool, ...]) -> None:
    """Fill a row; the first repeats on every page, and no row is divided between pages."""
    row = grid.rows[number]
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001  (python-docx has no header rows)
    properties.append(OxmlElement("w:cantSplit"))
    if number == 0:
        properties.append(OxmlElement("w:tblHeader"))
    columns = zip(row.cells, cells, figures, grid.columns, strict=True)
    for cell, text, figure, column in columns:
        cell.width = column.width
        line = cell.paragraphs[0]
        line.paragraph_format.element.style = "Small"  # its id; a name is looked up for each cell
        line.paragraph_format.space_after = Pt(1)
        line.add_run(printable(text)).bold = number == 0
        if figure:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if number == 0 or text == BLANK:
            shade = OxmlElement("w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), (style.PALE if number == 0 else style.TO_FILL).lstrip("#"))
            cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001  (nor shades)


def _figure(document: Document, part: Figure) -> None:
    line = document.add_paragraph()
    line.paragraph_format.keep_with_next = True
    width = Mm(min(part.width, _WIDTH))
    shape = line.add_run().add_picture(io.BytesIO(part.png), width=width)
    about = shape._inline.docPr  # noqa: SLF001  (python-docx has no alternative text)
    about.set("descr", printable(part.alt))
    about.set("title", printable(part.caption))
    caption = document.add_paragraph(printable(part.caption), style="Caption")
    caption.paragraph_format.keep_with_next = True
    if part.source:
        document.add_paragraph(printable(part.source), style="Small")


def _colour(name: str) -> RGBColor:
    return RGBColor.from_string(name.lstrip("#"))


def _undated(package: bytes) -> bytes:
    """Return the package without the time at which it was made."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
