"""Numbers that come from outside as text: in addresses, forms and references."""


def number(text: str) -> int | None:
    """A whole number in plain digits that both engines can hold, else None.

    Not `isdigit` alone: that is true of "²", which `int` refuses, and of digits without end.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
