"""Names that some program would run, call, draw otherwise or hide; they must stay text.

Whoever writes names, words or cells into a file, a page or a terminal tries all of these. Each is a
text that a user may truly have in a list, or that somebody puts there to do harm.
"""

NOWHERE = "http://127.0.0.1:9/x"
"""An address of this machine where nothing listens; a request for it is a fault."""

TEMPLATES = {
    "jinja": "Library {{7*7}}",
    "jinja statement": "Hall {% raw %} West",
    "jinja comment": "Hall {# gone #} East",
    "jinja call": "{{ cycler.__init__.__globals__.os.getcwd() }}",
    "jinja reference": "{{'feature_group'}}",
    "dollar braces": "Clinic ${7*7}",
    "hash braces": "Clinic #{7*7}",
    "format": "{name} {0.__class__} %s %(name)s",
    "kml entity": "$[name] $[description]",
    "qgis expression": "[% 7*7 %]",
    "erb": "<%= 7*7 %>",
}
HTML = {
    "script": "<script>window.ran=1</script>",
    "image": "<img src=x onerror=window.ran=1>",
    "end of script": "</script><script>window.ran=1</script>",
    "end of data": "]]>",
    "entity": "&lt;b&gt; &amp; &#60;",
    "comment": "<!-- gone -->",
    "attribute": '" onmouseover="window.ran=1" x=\'',
}
MARKUP = {
    "bold": "[bold]Hall[/bold]",
    "unclosed": "[/]",
    "rich link": f"[link={NOWHERE}]x[/link]",
    "emoji code": ":smile: :red[x] :material/home:",
    "markdown image": f"![x]({NOWHERE})",
    "markdown link": f"[x]({NOWHERE})",
    "address": NOWHERE,
    "www": "www.example.org",
    "mail": "somebody@example.org",
    "emphasis": "*a* _b_ **c** ~~d~~ `e`",
    "heading": "# Hall",
    "list": "1. Hall",
    "rule": "---",
    "quotation": "> Hall",
    "indented": "    Hall",
    "formula of mathematics": "$x^2$ and $y_1$",
    "unsound mathematics": r"$\frac{$ \alpha",
}
SHEETS = {
    "formula": "=1+1",
    "space and formula": " =1+1",
    "plus": "+1",
    "minus": "-1+1",
    "at": "@SUM(1)",
    "tab": "\t=1+1",
    "wide": "＝1+1",  # noqa: RUF001
    "hidden and formula": "\u200b=1+1",
    "dde": "=cmd|' /C calc'!A0",
    "header codes": "&A &D &[File]",
    "apostrophe": "'=1+1",
    "array": "{=1+1}",
    "external": "internal:Sheet1!A1",
}
LETTERS = {
    "right to left": "\u202egnp.exe",
    "isolate not closed": "\u2067hall",
    "isolate closed too often": "a\u2069b",
    "zero width": "Mill\u200bStreet\u200dHall\ufeff",
    "emoji": "Hall 👩\u200d⚕️🏥",
    "hebrew": "ספרייה 12",
    "quotes": 'O\'Brien "Hall" ‘x’ “y”',  # noqa: RUF001
    "backslashes": r"C:\new\table\x41 \u0041 \\host\share",
    "line separators": "Hall\u2028West\u2029East",
    "path": "../../etc/passwd",
    "long": "Long " + "name " * 60 + "end",
}
CONTROLS = {
    "colour": "\x1b[31mred\x1b[0m",
    "title of the terminal": "\x1b]0;changed\x07",
    "link of the terminal": f"\x1b]8;;{NOWHERE}\x1b\\x\x1b]8;;\x1b\\",
    "back": "abc\x08\x08xyz",
    "eight bit": "\x9b31mred",
}
"""Characters that XML forbids: files in XML leave them out, a terminal shows them as numbers."""

TEXTS = {**TEMPLATES, **HTML, **MARKUP, **SHEETS, **LETTERS}
"""Canaries that must stand in every output as they are, by what they are."""
ALL = {**TEXTS, **CONTROLS}
