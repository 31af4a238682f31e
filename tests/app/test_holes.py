"""The leak rig is itself proved: twelve holes of the kind that others have had are each found, and nothing else."""

import pytest

from tests.app import turns
from tests.app.company import TURNED, found
from tests.app.holes import HOLES, Rig
from tests.app.secrets import plant
from tests.served import Served


@pytest.mark.timeout(300)
async def test_each_hole_is_found_and_nothing_where_there_is_none(served: Served) -> None:
    await served.app.state.runner.stop()
    planted = await plant(await found(served.app, *TURNED))
    await turns.before(planted)
    await turns.turn(planted)
    await turns.after(planted)
    rig = Rig(planted, served)
    for hole in HOLES:
        assert await hole.visit(rig) == [], f"without the hole: {hole.name}"
        with pytest.MonkeyPatch.context() as patch:
            hole.open(rig, patch)
            assert await hole.visit(rig) != [], f"not found: {hole.name}"
    assert len(HOLES) == 12
