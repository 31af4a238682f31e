"""Devices and tokens: listed, ended at once, on open sockets too; what a token may and a cookie must."""

import asyncio
import json
from typing import Any

import httpx2
import pytest
import websockets

from intranet import people
from intranet.kernel import House, Person, Refused, new_id
from intranet.people.writes import (
    Admit,
    ChangePassword,
    Deactivate,
    MakeToken,
    Profile,
    Reactivate,
    RevokeSession,
)
from tests import cast
from tests.people.forms import send
from tests.served import Served


async def socket_of(served: Served, header: dict[str, str]) -> Any:
    """An open socket that has heard the heads."""
    socket = await websockets.connect(served.ws, additional_headers=header, proxy=None, compression=None)
    await socket.send(json.dumps({"t": "hello", "dialect": "json", "open": 0}))
    while json.loads(await asyncio.wait_for(socket.recv(), cast.WAIT))["t"] != "heads":
        pass
    return socket


async def code_of(socket: Any) -> int:
    """The code with which the server ends it."""
    try:
        while True:
            await asyncio.wait_for(socket.recv(), cast.WAIT)
    except websockets.ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else 1006


def cookie(served: Served, secret: str) -> dict[str, str]:
    return {"Cookie": f"binnen={secret}", "Origin": served.url}


async def who_holds(house: House, secret: str, kind: str = "cookie") -> Person | None:
    assert house.authenticate is not None
    return await house.read(house.authenticate, kind, secret)


# -- ended at once


async def test_a_revoked_session_closes_its_socket_and_no_other(served: Served) -> None:
    house = served.house
    jana = await cast.person(house, "Jana Reuter")
    phone, desk = await cast.session_secret(house, jana), await cast.session_secret(house, jana)
    on_phone, on_desk = await socket_of(served, cookie(served, phone)), await socket_of(served, cookie(served, desk))
    lost = await who_holds(house, phone)
    at_desk = await who_holds(house, desk)
    assert lost is not None
    assert at_desk is not None
    await house.perform(at_desk, RevokeSession(id=new_id(), session=lost.session))
    assert await code_of(on_phone) == 4403
    assert await who_holds(house, phone) is None
    await on_desk.ping()
    assert on_desk.state.name == "OPEN"
    again = await websockets.connect(served.ws, additional_headers=cookie(served, phone), proxy=None)
    assert await code_of(again) == 4401
    await on_desk.close()


async def test_an_ended_session_is_closed_though_nobody_here_was_told(served: Served) -> None:
    """As when another node ended it: the person's own place has moved, and that is found."""
    house = served.house
    jana = await cast.person(house, "Jana Reuter")
    phone, desk = await cast.session_secret(house, jana), await cast.session_secret(house, jana)
    on_phone, on_desk = await socket_of(served, cookie(served, phone)), await socket_of(served, cookie(served, desk))
    lost, at_desk = await who_holds(house, phone), await who_holds(house, desk)
    assert lost is not None
    assert at_desk is not None
    house._listeners.clear()
    await house.perform(at_desk, RevokeSession(id=new_id(), session=lost.session))
    assert await code_of(on_phone) == 4403
    await on_desk.ping()
    assert on_desk.state.name == "OPEN"
    await on_desk.close()


async def test_an_open_socket_has_the_role_and_language_of_now(served: Served) -> None:
    house = served.house
    owner, jana = await cast.person(house, "Ruth Okafor", role="owner"), await cast.person(house, "Jana Reuter")
    secret = await cast.session_secret(house, jana)
    async with cast.listen(served, jana) as ear:
        program = await socket_of(served, cookie(served, secret))
        connections = [c for c in served.app.state.hub.connections if c.person.id == jana.id]
        assert [c.person.role for c in connections] == ["member", "member"]
        address = {c.person.address for c in connections}
        await house.perform(owner, Admit(id=new_id(), person=jana.id, role="guest"))
        await ear.until("mine", place=jana.id)
        assert {(c.person.role, c.person.name) for c in connections} == {("guest", "Jana Reuter")}
        assert {c.person.address for c in connections} == address
        await house.perform(jana, Profile(id=new_id(), lang="nl"))
        await ear.until("mine", place=jana.id)
        assert {c.person.lang for c in connections} == {"nl"}
        assert await code_of(program) == 1012, "it had asked for no language: it comes again in the new one"
        await ear.socket.ping()  # the page is in German still, and so are its frames


async def test_a_session_younger_than_the_snapshot_stays(served: Served) -> None:
    house = served.house
    jana = await cast.person(house, "Jana Reuter")
    hub = served.app.state.hub
    async with cast.listen(served, jana) as ear:
        await hub.pump._end_if_over(jana.id, {connection.person.session for connection in hub.connections})
        await ear.socket.ping()
        assert ear.socket.state.name == "OPEN"


async def test_deactivating_closes_sockets_of_devices_and_programs(served: Served) -> None:
    house = served.house
    ravi, jana = await cast.person(house, "Ravi Menon", role="owner"), await cast.person(house, "Jana Reuter")
    secret = await cast.session_secret(house, jana)
    token = str((await house.perform(jana, MakeToken(id=new_id(), name="Wetter"))).extra["token"])
    browser = await socket_of(served, cookie(served, secret))
    program = await socket_of(served, {"Authorization": f"Bearer {token}"})
    await house.perform(ravi, Deactivate(id=new_id(), person=jana.id))
    assert [await code_of(browser), await code_of(program)] == [4403, 4403]
    await house.perform(ravi, Reactivate(id=new_id(), person=jana.id))
    assert await who_holds(house, secret) is None
    assert await who_holds(house, token, "token") is None


async def test_what_the_deactivated_wrote_and_was_called_stays(home: House, client: httpx2.AsyncClient) -> None:
    ravi, jana = await cast.person(home, "Ravi Menon", role="owner"), await cast.person(home, "Jana Reuter")
    place = await cast.channel(home, ravi, "Service", members=[jana])
    await cast.say(home, jana, place, "Dichtung getauscht")
    await cast.say(home, ravi, place, f"Danke @[Jana Reuter](p:{jana.id})")
    await home.perform(ravi, Deactivate(id=new_id(), person=jana.id))
    await cast.sign_in(client, home, ravi)
    page = (await client.get(f"/c/{place}?at=end")).text
    assert "Dichtung getauscht" in page
    assert "Jana Reuter" in page
    assert "nicht mehr aktiv" in (await client.get(f"/p/{jana.id}")).text
    assert "Jana Reuter" not in (await client.get("/people")).text


async def test_sign_out_everywhere_by_an_administrator(home: House) -> None:
    ravi, jana = await cast.person(home, "Ravi Menon", role="administrator"), await cast.person(home, "Jana Reuter")
    secrets = [await cast.session_secret(home, jana) for _ in range(2)]
    own = await cast.session_secret(home, ravi)
    await home.perform(ravi, RevokeSession(id=new_id(), person=jana.id))
    assert [await who_holds(home, secret) for secret in secrets] == [None, None]
    assert await who_holds(home, own) is not None


async def test_nobody_ends_the_sessions_of_others(home: House) -> None:
    jana, silke = await cast.person(home, "Jana Reuter", role="editor"), await cast.person(home, "Silke Brandt")
    secret = await cast.session_secret(home, silke)
    theirs = await who_holds(home, secret)
    assert theirs is not None
    with pytest.raises(Refused, match="not-found"):
        await home.perform(jana, RevokeSession(id=new_id(), session=theirs.session))
    with pytest.raises(Refused, match="not-allowed"):
        await home.perform(jana, RevokeSession(id=new_id(), person=silke.id))
    assert await who_holds(home, secret) is not None


# -- the list


async def test_devices_are_listed_by_day_and_ended_from_the_list(home: House, client: httpx2.AsyncClient) -> None:
    jana = await cast.person(home, "Jana Reuter")
    other = await cast.session_secret(home, jana)
    await cast.sign_in(client, home, jana)
    page = (await client.get("/me/sessions")).text
    assert page.count("seit heute") == 2
    assert page.count("dieses Gerät") == 1
    done = await send(client, "people.revoke_session", others="true")
    assert done.headers["location"] == "/me/sessions?done=others"
    assert await who_holds(home, other) is None
    assert "Jetzt ist nur dieses Gerät angemeldet." in (await client.get(done.headers["location"])).text


async def test_a_new_password_signs_every_other_device_out(home: House, client: httpx2.AsyncClient) -> None:
    jana = await cast.person(home, "Jana Reuter", hash=people.hash_of(cast.PASSWORD))
    other = await cast.session_secret(home, jana)
    token = str((await home.perform(jana, MakeToken(id=new_id(), name="Wetter"))).extra["token"])
    await cast.sign_in(client, home, jana)
    wrong = await send(client, "people.change_password", old="nicht dieses", new="ganz neue Wörter")
    assert wrong.status_code == 403
    assert "ein anderes" in wrong.text
    assert "ganz neue" not in wrong.text
    done = await send(client, "people.change_password", old=cast.PASSWORD, new="ganz neue Wörter")
    assert done.status_code == 303
    assert await who_holds(home, other) is None
    assert await who_holds(home, token, "token") is not None
    assert (await client.get("/me")).status_code == 200


# -- tokens


async def test_a_token_is_shown_once_and_works_without_origin(home: House, client: httpx2.AsyncClient) -> None:
    jana = await cast.person(home, "Jana Reuter")
    await cast.sign_in(client, home, jana)
    made = await send(client, "people.make_token", name="Wetterstation")
    page = (await client.get(made.headers["location"])).text
    secret = page.split('<code id="secret">')[1].split("</code>")[0]
    again = (await client.get(made.headers["location"])).text
    assert secret not in again
    assert "Schon gezeigt" in again
    assert secret not in (await client.get("/me/sessions")).text
    client.cookies.clear()
    del client.headers["Origin"]
    headers = {"Authorization": f"Bearer {secret}"}
    write = {"do": "people.profile", "id": new_id(), "title": "Technik"}
    done = await client.post("/do", json=write, headers=headers)
    assert done.status_code == 200
    assert (await client.post("/do", json=write)).status_code == 403
    assert (await client.post("/do", json=write, headers={"Authorization": "Bearer binnen_x"})).status_code == 401


@pytest.mark.parametrize("origin", [None, "http://evil.test", "null", "http://binnen.test.evil.test"])
async def test_with_a_cookie_a_foreign_origin_writes_nothing(
    home: House, client: httpx2.AsyncClient, origin: str | None
) -> None:
    jana = await cast.person(home, "Jana Reuter")
    await cast.sign_in(client, home, jana)
    token = str((await home.perform(jana, MakeToken(id=new_id(), name="Wetter"))).extra["token"])
    if origin is None:
        del client.headers["Origin"]
    else:
        client.headers["Origin"] = origin
    for headers in ({}, {"Authorization": f"Bearer {token}"}):  # a cookie beside a token does not make it harmless
        refused = await send(client, "people.profile", name="Evil") if not headers else await client.post(
            "/do", json={"do": "people.profile", "id": new_id(), "name": "Evil"}, headers=headers
        )  # fmt: skip
        assert refused.status_code == 403
    assert (await client.post("/people/photo", files={"photo": b"x"})).status_code == 403
    del client.cookies["binnen"]
    await cast.sign_in(client, home, jana)
    assert "Evil" not in (await client.get("/me")).text


async def test_a_token_changes_neither_password_nor_tokens_nor_people(home: House) -> None:
    ravi = await cast.person(home, "Ravi Menon", role="owner")
    token = str((await home.perform(ravi, MakeToken(id=new_id(), name="Wetter"))).extra["token"])
    program = await who_holds(home, token, "token")
    assert program is not None
    for write in (MakeToken(id=new_id(), name="mehr"), ChangePassword(id=new_id(), old="x", new="y" * 6 + "abcdefg")):
        with pytest.raises(Refused, match="not-by-token"):
            await home.perform(program, write)
    assert await who_holds(home, token, "cookie") is None


async def test_tokens_are_twenty_at_most(home: House) -> None:
    jana = await cast.person(home, "Jana Reuter")
    for number in range(20):
        await home.perform(jana, MakeToken(id=new_id(), name=f"t{number}"))
    with pytest.raises(Refused, match="too-many-tokens"):
        await home.perform(jana, MakeToken(id=new_id(), name="one more"))
