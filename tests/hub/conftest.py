from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.hub.cast import Town, town


@pytest.fixture
async def club_town(tmp_path: Path) -> AsyncIterator[Town]:
    """Ann, Bo and Cy; nobody is in a club yet."""
    async with town(tmp_path / "data") as served:
        await served.enrol("ann", "bo", "cy")
        yield served
