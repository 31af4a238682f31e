"""The zoo: servers and devices that break one promise each."""

from tests.history import zoo_of_hubs, zoo_of_writers
from tests.history.broken import ZOO

__all__ = ["ZOO", "zoo_of_hubs", "zoo_of_writers"]
