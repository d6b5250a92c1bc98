from __future__ import annotations

from monitor.cli.table import Words, make_table, number, plain, short, wide


def test_columns_are_as_wide_as_their_widest_text() -> None:
    """The heading's or a cell's; numbers stand at the right, and nothing follows the last column's longest text."""
    table = make_table(short("NAME"), number("UNITS"), wide("MESSAGE"))
    table.add_row("shop-detector", "1", "ready")
    table.add_row("v2", "10-12345", "-")
    expected = [
        "NAME              UNITS  MESSAGE",
        "shop-detector         1  ready  ",
        "v2             10-12345  -      ",
    ]
    assert expected == [plain(line) for line in table.lines(table.widths())]


def test_a_letter_of_two_cells_counts_twice() -> None:
    """Chinese and Japanese letters take the room of two on every terminal."""
    table = make_table(short("A"), short("B"))
    table.add_row("\u7248\u672c", "x")
    table.add_row("v1", "x")
    assert ["A     B", "\u7248\u672c  x", "v1    x"] == [plain(line) for line in table.lines(table.widths())]


def test_a_cell_keeps_its_style() -> None:
    """Its blanks with it; the headings have their own."""
    table = make_table(short("STATUS"), short("SINCE"))
    table.add_row(Words("RUNNING", "bold green"), "5m")
    assert [
        (Words("STATUS   ", "bold"), Words("SINCE", "bold")),
        (Words("RUNNING  ", "bold green"), Words("5m   ")),
    ] == list(table.lines(table.widths()))


def test_a_table_without_rows_is_its_heading() -> None:
    """Nothing is known yet, and the columns say of what."""
    table = make_table(short("SINK"), number("DEAD"))
    assert ["SINK  DEAD"] == [plain(line) for line in table.lines(table.widths())]
