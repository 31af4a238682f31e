from collections.abc import AsyncIterator

import pytest

from intranet.kernel.config import Settings
from tests.hub.cast import Town, town


@pytest.fixture
async def club_town(settings: Settings) -> AsyncIterator[Town]:
    """Ann, Bo and Cy; nobody is in a club yet."""
    async with town(settings) as served:
        await served.enrol("ann", "bo", "cy")
        yield served
