"""Two open public channels never have one name, however close together they are made."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from intranet.channels import actions
from intranet.channels.membership import must_be_free
from intranet.channels.writes import Archive, Change, Create, Unarchive
from intranet.kernel import House, Person, Refused, Tx, Write, new_id
from tests import cast


async def refused(home: House, person: Person, write: Write) -> tuple[int, str]:
    with pytest.raises(Refused) as told:
        await home.perform(person, write)
    return told.value.status, told.value.code


async def test_a_name_is_taken_whatever_its_case_and_accents(home: House) -> None:
    jana = await cast.person(home, "Jana Reuter")
    await cast.channel(home, jana, "Größe")
    other = await cast.channel(home, jana, "Werkstatt")
    for write in (Create(id=new_id(), name="GRÖSSE"), Change(id=new_id(), place=other, name="grosse")):
        assert await refused(home, jana, write) == (409, "name-taken")
    assert await cast.channel(home, jana, "Größe", kind="private")
    await home.perform(jana, Change(id=new_id(), place=other, name="WERKSTATT"))


async def test_an_archived_channel_gives_its_name_away(home: House) -> None:
    jana = await cast.person(home, "Jana Reuter")
    old = await cast.channel(home, jana, "Service")
    await home.perform(jana, Archive(id=new_id(), place=old))
    new = await cast.channel(home, jana, "service")
    back = Unarchive(id=new_id(), place=old)
    assert await refused(home, jana, back) == (409, "name-taken")
    await home.perform(jana, Change(id=new_id(), place=new, name="Dienst"))
    await home.perform(jana, back)
    assert await refused(home, jana, Create(id=new_id(), name="Service")) == (409, "name-taken")


@pytest.mark.engine("postgres")
async def test_of_two_made_at_the_same_moment_one_is_refused_by_name(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have looked before either wrote: the constraint holds, and the second look says what is the matter."""
    jana, okan = await cast.person(home, "Jana Reuter"), await cast.person(home, "Okan Demir")
    assert jana.id % 4 != okan.id % 4, "two lanes"
    looked: list[str] = []

    def slowly(tx: Tx, name: str, **more: Any) -> str:
        folded = must_be_free(tx, name, **more)
        looked.append(folded)
        tx.read(text("SELECT pg_sleep(0.3)"))
        return folded

    monkeypatch.setattr(actions, "must_be_free", slowly)
    writes = [home.perform(who, Create(id=new_id(), name="Service")) for who in (jana, okan)]
    done = await asyncio.gather(*writes, return_exceptions=True)
    assert looked == ["service", "service"]
    (told,) = [one for one in done if isinstance(one, Refused)]
    assert (told.status, told.code, told.params) == (409, "name-taken", {"name": "Service"})
