"""Parts: numbered through, contents of the first level only."""

from nhcplanner.outputs.brief.parts import Brief, Figure, Paragraph, Section, Table, numbered


def test_tables_and_figures_are_numbered_each_in_their_own_order():
    table = Table("People", ("a",), (("1",),), (True,))
    figure = Figure("Map", b"", "words", "source")
    made = numbered([Section("One", (table, Paragraph("text"), figure)), Section("Two", (table,))])
    captions = [part.caption for one in made for part in one.parts if hasattr(part, "caption")]
    assert captions == ["Table 1. People", "Figure 1. Map", "Table 2. People"]


def test_contents_list_the_first_level_by_their_position():
    sections = (Section("One"), Section("Under one", level=2), Section("Two"))
    assert Brief("t", "p", (), sections).contents == ((0, "One"), (2, "Two"))
