"""What people type about customers and products, tidied; what cannot be used is refused in words."""

from intranet.kernel import tidied

LONGEST_NUMBER = 40
LONGEST_NAME = 120
LONGEST_SEGMENT = 80


def clean_number(text: str) -> str:
    """A customer's number. Raises Refused 422."""
    return tidied(text, LONGEST_NUMBER, "number-long", "number-missing")


def clean_product_number(text: str) -> str:
    """A product's number; may be empty. Raises Refused 422."""
    return tidied(text, LONGEST_NUMBER, "number-long")


def clean_name(text: str) -> str:
    """A customer's or a product's name. Raises Refused 422."""
    return tidied(text, LONGEST_NAME, "name-long", "name-missing")


def clean_segment(text: str) -> str:
    """The segment a customer is in; may be empty. Raises Refused 422."""
    return tidied(text, LONGEST_SEGMENT, "segment-long")
