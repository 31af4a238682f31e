"""What a client may ask of this room. `None` means: leave it as it is.

Where somebody is chosen, the id counts if there is one; else what was typed (`…_said`): an e-mail address or a name.
"""

from intranet.kernel import Write


class Make(Write, tag="customers.make"):
    """A new customer."""

    number: str
    name: str
    segment: str = ""
    field_person: int = 0
    field_said: str = ""
    office_person: int = 0
    office_said: str = ""


class Change(Write, tag="customers.change"):
    """What is known of a customer, and who cares for it: 0 without a name is nobody."""

    customer: int
    number: str | None = None
    name: str | None = None
    segment: str | None = None
    field_person: int | None = None
    field_said: str | None = None
    office_person: int | None = None
    office_said: str | None = None


class Archive(Write, tag="customers.archive"):
    """No longer offered; what was said about it stays. `back` takes it out again."""

    customer: int
    back: bool = False


class Import(Write, tag="customers.import"):
    """Make and change customers by a list (CSV text); the same list again changes nothing."""

    text: str


class ProductMake(Write, tag="products.make"):
    """A new product."""

    name: str
    number: str = ""


class ProductChange(Write, tag="products.change"):
    """Another name or number for a product."""

    product: int
    name: str | None = None
    number: str | None = None


class ProductArchive(Write, tag="products.archive"):
    """No longer offered; what was said about it stays. `back` takes it out again."""

    product: int
    back: bool = False


class ProductImport(Write, tag="products.import"):
    """Make and change products by a list (CSV text); the same list again changes nothing."""

    text: str
