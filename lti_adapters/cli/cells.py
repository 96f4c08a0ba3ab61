"""Cells that a spreadsheet may open, and text that a terminal may show. What is in them comes from strangers."""

_FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: what looks like one gets an apostrophe before it."""
    return f"'{text}" if _looks_like_formula(text) else text


def plain_cell(cell: str) -> str:
    """The text that `safe_cell` made a cell of."""
    return cell[1:] if cell.startswith("'") and _looks_like_formula(cell) else cell


def printable(text: str) -> str:
    """A text that a terminal shows and does not obey."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _looks_like_formula(text: str) -> bool:
    """Also with apostrophes before it, so that each text comes back as it was."""
    return text.lstrip("'").startswith(_FORMULAS)
