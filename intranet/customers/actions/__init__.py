"""The verbs of this room."""

from intranet.customers import writes
from intranet.kernel import Answer, Verb

from . import customers, importing, products


def _goto(answer: Answer) -> str:
    """Where the verb says; a repeat no longer knows."""
    return str(answer.extra.get("goto", "/customers"))


VERBS = [
    Verb(writes.Make, customers.make, goto=_goto),
    Verb(writes.Change, customers.change, goto=_goto),
    Verb(writes.Archive, customers.archive, goto=_goto),
    Verb(writes.Import, importing.import_customers, prepare=importing.read, goto=_goto),
    Verb(writes.ProductMake, products.make, goto=_goto),
    Verb(writes.ProductChange, products.change, goto=_goto),
    Verb(writes.ProductArchive, products.archive, goto=_goto),
    Verb(writes.ProductImport, importing.import_products, prepare=importing.read_of_products, goto=_goto),
]
