import pytest

from nhcplanner.outputs.sanitise import isolated
from nhcplanner.pages.session.messages import plain


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("![x](http://127.0.0.1:9/x)", "\\!\\[x\\]\\(http\\:\u2060//127.0.0.1\\:9/x\\)"),
        (":material/home:", "\\:\u2060material/home\\:"),
        ("&lt;b&gt;", "\\&lt;b\\&gt;"),
        ("1. Hall", "1\\. Hall"),
        ("    Hall\t", "Hall"),
        ("Hall\r\n=== West", "Hall  \n\\=== West"),
        ("$x^2$", "\\$x^2\\$"),
        ("somebody@example.org", "somebody@\u2060example.org"),
        ("@SUM(1)", "@SUM\\(1\\)"),
        ("{{7*7}}", "\\{\\{7\\*7\\}\\}"),
        ("\u202egnp.exe", isolated("\u202egnp.exe")),
    ],
)
def test_markup_is_sent_as_what_it_looks_like(typed, sent):
    assert plain(typed) == sent
