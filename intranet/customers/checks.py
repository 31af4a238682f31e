"""What people type about customers and products, tidied; what cannot be used is refused in words."""

from intranet.kernel import Refused, tidy

LONGEST_NUMBER = 40
LONGEST_NAME = 120
LONGEST_SEGMENT = 80


def clean_number(text: str) -> str:
    """A customer's number. Raises Refused 422."""
    if number := clean_product_number(text):
        return number
    raise Refused(422, "number-missing")


def clean_product_number(text: str) -> str:
    """A product's number; may be empty. Raises Refused 422."""
    number = tidy(text)
    if len(number) > LONGEST_NUMBER:
        raise Refused(422, "number-long", most=LONGEST_NUMBER)
    return number


def clean_name(text: str) -> str:
    """A customer's or a product's name. Raises Refused 422."""
    name = tidy(text)
    if not name:
        raise Refused(422, "name-missing")
    if len(name) > LONGEST_NAME:
        raise Refused(422, "name-long", most=LONGEST_NAME)
    return name


def clean_segment(text: str) -> str:
    """The segment a customer is in; may be empty. Raises Refused 422."""
    segment = tidy(text)
    if len(segment) > LONGEST_SEGMENT:
        raise Refused(422, "segment-long", most=LONGEST_SEGMENT)
    return segment
