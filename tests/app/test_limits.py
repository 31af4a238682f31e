"""What one person may ask for: writes, sockets, lists; what a stolen token may not do; what a guest does not learn."""

import asyncio
import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
import websockets
from starlette.applications import Starlette

from intranet import people
from intranet.channels.writes import Create
from intranet.chat.writes import Edit, Post
from intranet.kernel import NOBODY, House, Person, Refused, new_id
from intranet.kernel import allowance as kernel_allowance
from intranet.kernel.allowance import MOST_KEPT, SAVED, Allowance
from intranet.kernel.config import Settings
from intranet.people.writes import Accept, Admit, Import, Invite, MakeToken, RevokeSession, SetUp, TeamMake, TeamMembers
from tests import cast
from tests.served import Served

JANA, BERT = Person(7, "Jana"), Person(8, "Bert")


class Clock:
    """The allowance's clock, in the test's hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(kernel_allowance, "monotonic", lambda: self.now)


def refused_by(allowance: Allowance, person: Person) -> Refused:
    with pytest.raises(Refused) as refused:
        allowance.take(person)
    return refused.value


# -- writes


def test_a_minutes_worth_at_once_then_as_many_as_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, allowance = Clock(monkeypatch), Allowance(20)
    for _ in range(int(20 * SAVED)):
        allowance.take(JANA)
    refusal = refused_by(allowance, JANA)
    assert (refusal.status, refusal.code, refusal.params["retry_after"]) == (429, "too-many", 1)
    allowance.take(BERT)
    clock.now += 0.5
    for _ in range(10):
        allowance.take(JANA)
    refused_by(allowance, JANA)
    clock.now += 1000
    for _ in range(int(20 * SAVED)):
        allowance.take(JANA)
    refused_by(allowance, JANA)


def test_who_is_not_signed_in_shares_what_their_network_has(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    allowance = Allowance(1)
    for number in range(int(SAVED)):
        allowance.take(Person(0, address=f"2001:db8::{number}"))
    refused_by(allowance, Person(0, address="2001:db8::beef"))
    allowance.take(Person(0, address="2001:db8:0:1::1"))


def test_it_remembers_no_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    allowance = Allowance(1)
    for number in range(MOST_KEPT + 500):
        allowance.take(Person(number + 1))
    assert len(allowance._left) == MOST_KEPT


def test_without_a_limit_there_is_none() -> None:
    allowance = Allowance(0)
    for _ in range(5000):
        allowance.take(JANA)


async def test_above_the_limit_each_road_says_when_to_come_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch)
    few = msgspec.structs.replace(settings, writes_per_second=1)
    async with Served.start(few) as served:
        jana = await cast.person(served.house, "Jana Reuter")
        secret = await cast.session_secret(served.house, jana)
        place = await cast.channel(served.house, jana, "Werkstatt")
        headers = {"Cookie": f"binnen={secret}", "Origin": served.url}
        async with httpx2.AsyncClient(base_url=served.url, headers=headers) as client:
            write = {"do": "chat.post", "place": place, "text": "x"}
            statuses = {(await client.post("/do", json={"id": new_id(), **write})).status_code for _ in range(60)}
            assert statuses == {200}
            told = await client.post("/do", json={"id": new_id(), **write})
            assert told.status_code == 429
            assert told.headers["retry-after"] == "1"
            assert told.json()["code"] == "too-many"
            form = await client.post(
                "/do", data={"id": new_id(), **write, "text": "bleibt hier"}, headers={"Accept": "text/html"}
            )
            assert form.status_code == 429
            assert "bleibt hier" in form.text


async def test_a_thousand_that_wait_in_an_outbox_go_out_at_once(home: House) -> None:
    jana = await cast.person(home, "Jana Reuter")
    for _ in range(1000):
        home.allowance.take(jana)


async def test_a_list_without_end_is_refused_before_the_writer(home: House, client: httpx2.AsyncClient) -> None:
    owner = await cast.person(home, "Olga Obst", role="owner")
    await cast.sign_in(client, home, owner)
    team = (await home.perform(owner, TeamMake(id=new_id(), name="Nord"))).place
    for fields in (
        {"do": "people.team_members", "team": team, "add": list(range(40_000))},
        {"do": "people.admit", "person": owner.id, "teams": list(range(40_000))},
        {"do": "channels.direct", "people": list(range(40_000))},
    ):  # fmt: skip
        answer = await client.post("/do", json={"id": new_id(), **fields})
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


# -- sockets


async def test_so_many_sockets_and_no_more(settings: Settings) -> None:
    async with Served.start(msgspec.structs.replace(settings, sockets_per_person=2)) as served:
        jana, bert = await cast.person(served.house, "Jana Reuter"), await cast.person(served.house, "Bert Bley")
        hub = served.app.state.hub
        async with cast.listen(served, jana), cast.listen(served, jana):
            secret = await cast.session_secret(served.house, jana)
            headers = {"Cookie": f"binnen={secret}", "Origin": served.url}
            async with websockets.connect(served.ws, additional_headers=headers, proxy=None) as third:
                with pytest.raises(websockets.ConnectionClosed):
                    await third.recv()
                assert third.close_code == 4429
            async with cast.listen(served, bert):
                assert dict(hub.sockets) == {jana.id: 2, bert.id: 1}
        async with cast.listen(served, jana):
            assert hub.sockets[jana.id] <= 2


async def test_a_session_that_ends_while_its_socket_comes_in_is_over(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    jana = await cast.person(served.house, "Jana Reuter")
    secret = await cast.session_secret(served.house, jana)

    async def slow(websocket: Any) -> Person:
        person: Person = await who(websocket)
        await served.house.perform(person, RevokeSession(id=new_id(), session=person.session))
        return person

    hub_routes: Any = importlib.import_module("intranet.hub.routes")
    who = hub_routes.who
    monkeypatch.setattr(hub_routes, "who", slow)
    headers = {"Cookie": f"binnen={secret}", "Origin": served.url}
    async with websockets.connect(served.ws, additional_headers=headers, proxy=None) as socket:
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(socket.recv(), cast.WAIT)
        assert socket.close_code == 4403


# -- tokens, links


async def test_a_token_gives_nobody_another_role_or_address(home: House, app: Starlette) -> None:
    olga, bert = await cast.person(home, "Olga Obst", role="owner"), await cast.person(home, "Bert Bley")
    token = (await home.perform(olga, MakeToken(id=new_id(), name="Liste"))).extra["token"]
    transport = httpx2.ASGITransport(app=app)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://b.test", headers=headers) as program:
        for change, status in (
            ({"role": "administrator"}, 403), ({"email": "mallory@elsewhere.example"}, 403),
            ({"title": "Monteur"}, 200), ({"role": "member"}, 200),
        ):  # fmt: skip
            write = {"do": "people.admit", "id": new_id(), "person": bert.id, **change}
            assert (await program.post("/do", json=write)).status_code == status, change
    await home.perform(olga, Admit(id=new_id(), person=bert.id, role="administrator"))


async def test_links_that_open_once_open_once_also_for_two_at_a_time(home: House) -> None:
    path = await people.set_up_path(home)
    assert path is not None
    token = path.rsplit("/", 1)[1]
    writes = [
        SetUp(id=new_id(), token=token, name=f"Erna {n}", email=f"erna{n}@b.example", password="Ein gutes Passwort 7")
        for n in range(3)
    ]
    told = await asyncio.gather(*(home.perform(NOBODY, write) for write in writes), return_exceptions=True)
    assert sorted(isinstance(one, Refused) for one in told) == [False, True, True]
    owner = await home.read(people.person_of, next(one.place for one in told if not isinstance(one, BaseException)))
    assert owner is not None
    invite = Invite(id=new_id(), email="neu@b.example")
    link = (await home.perform(owner, invite)).extra["link"].rsplit("/", 1)[1]
    entering = [
        Accept(id=new_id(), token=link, name=f"Neu {n}", email="", password="Ein gutes Passwort 7") for n in range(3)
    ]
    told = await asyncio.gather(*(home.perform(NOBODY, write) for write in entering), return_exceptions=True)
    assert sorted(isinstance(one, Refused) for one in told) == [False, True, True]


# -- who becomes a guest


@pytest.mark.parametrize("how", ["admit", "import"])
async def test_who_becomes_a_guest_moderates_nothing_and_is_in_no_team(
    how: str, home: House, client: httpx2.AsyncClient
) -> None:
    olga, bert = await cast.person(home, "Olga Obst", role="owner"), await cast.person(home, "Bert Bley")
    other = await cast.person(home, "Else Esch")
    team = (await home.perform(olga, TeamMake(id=new_id(), name="Nord"))).place
    await home.perform(olga, TeamMembers(id=new_id(), team=team, add=[bert.id]))
    follows = (await home.perform(olga, Create(id=new_id(), name="Nordlicht", kind="private", team=team))).place
    place = await cast.channel(home, bert, "Werkstatt", kind="private", members=[olga, other])
    said = await cast.say(home, olga, place, "zwkfrueher")
    await home.perform(olga, Edit(id=new_id(), place=place, message=said.seq, text="jetzt"))
    if how == "admit":
        await home.perform(olga, Admit(id=new_id(), person=bert.id, role="guest"))
    else:
        entry = await home.read(lambda conn: people.person_entry(conn, olga, bert.id))
        assert entry is not None
        text = f"name;email;role\nBert Bley;{entry.email};guest"
        assert (await home.perform(olga, Import(id=new_id(), text=text))).extra["changed"] == 1
    await cast.sign_in(client, home, bert)
    assert (await client.get(f"/c/{follows}")).status_code == 404
    assert (await client.get(f"/c/{place}")).status_code == 200
    assert (await client.get(f"/c/{place}/m/{said.seq}/earlier")).status_code == 404
    for fields, status in (
        ({"do": "channels.change", "name": "Anders"}, 403), ({"do": "channels.archive"}, 403),
        ({"do": "channels.remove", "person": other.id}, 403), ({"do": "chat.delete", "message": said.seq}, 403),
        ({"do": "channels.role", "person": other.id, "role": "moderator"}, 403),
        ({"do": "chat.post", "text": "x"}, 200),
    ):  # fmt: skip
        write = {"id": new_id(), "place": place, **fields}
        assert (await client.post("/do", json=write)).status_code == status, fields


# -- names


async def test_a_name_that_draws_nothing_is_none(home: House, client: httpx2.AsyncClient) -> None:
    jana = await cast.person(home, "Jana Reuter")
    await cast.sign_in(client, home, jana)
    place = await cast.channel(home, jana, "Werkstatt")
    for blank in ("\u3164", "\u2800", "\u115f \u1160", "\uffa0", "\u200b", "\u202e", "\x85"):
        for fields in (
            {"do": "people.profile", "name": blank}, {"do": "channels.create", "name": blank},
            {"do": "chat.post", "place": place, "text": "x", "topic_name": blank},
        ):  # fmt: skip
            assert (await client.post("/do", json={"id": new_id(), **fields})).status_code == 422, fields


async def test_a_guest_does_not_learn_teams_by_naming_them(home: House, client: httpx2.AsyncClient) -> None:
    olga, guest = await cast.person(home, "Olga Obst", role="owner"), await cast.person(home, "Gast", role="guest")
    here, away = [
        (await home.perform(olga, TeamMake(id=new_id(), name=f"zwkteam{name}"))).place for name in ("hier", "fort")
    ]
    await home.perform(olga, TeamMembers(id=new_id(), team=here, add=[olga.id]))
    place = await cast.channel(home, olga, "Werkstatt", members=[guest])
    text = f"@[x](t:{here}) @[x](t:{away}) @zwkteamfort"
    said = await home.perform(guest, Post(id=new_id(), place=place, text=text))
    await cast.sign_in(client, home, guest)
    source = (await client.get(f"/c/{place}/m/{said.seq}/source")).json()["text"]
    assert source == f"@[zwkteamhier](t:{here}) @x @zwkteamfort"


# -- the disk


def test_what_it_writes_is_its_own_alone(tmp_path: Path) -> None:
    (tmp_path / "binnen.db").touch(mode=0o644)
    keep = f"from pathlib import Path; from intranet.serving import keep_to_oneself as k; k(Path({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", f"{keep}; (Path({str(tmp_path)!r}) / 'new').touch()"], check=True)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {"binnen.db": 0o600, "new": 0o600}
