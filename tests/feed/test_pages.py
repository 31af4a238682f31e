"""The pages of the feed, as a browser gets them."""

import httpx2

from intranet.kernel import new_id
from tests import cast
from tests.feed.conftest import FIELD, Town


async def test_the_pages_are_there(town: Town, client: httpx2.AsyncClient) -> None:
    post = await town.publish(town.jana, "Ein Vorschlag", text="Hallo", lines=[FIELD])
    await cast.sign_in(client, town.house, town.jana)
    own = [f"/posts/{post}{end}" for end in ("", "/card", "/card?as=share", "/edit", "/earlier")]
    for path in ("/feed", *own, "/feed?show=me", "/feed?kind=idea&state=new", "/part/feed"):
        answer = await client.get(path)
        assert answer.status_code == 200, (path, answer.text[-2000:])
        assert "show=me" in path or "Ein Vorschlag" in answer.text, path
    for path in ("/feed/new", "/feed/drafts"):
        assert (await client.get(path)).status_code == 200, path
    assert (await client.get("/feed/writers")).status_code == 403
    await cast.sign_in(client, town.house, town.carola)
    assert (await client.get("/feed/writers")).status_code == 200
    for path in (f"/posts/{post}", f"/posts/{post}/card", f"/posts/{post}/edit", f"/posts/{post}/earlier"):
        assert (await client.get(path)).status_code == 404, path
    assert "Ein Vorschlag" not in (await client.get("/feed")).text


async def test_a_form_that_is_refused_keeps_what_was_typed(town: Town, client: httpx2.AsyncClient) -> None:
    await cast.sign_in(client, town.house, town.jana)
    form = {"do": "feed.publish", "id": new_id(), "kind": "feedback", "title": "", "text": "Die Pumpe ist <laut>",
            "customer_said": "99999", "urgency": "2", "lines": ["field;;"]}  # fmt: skip
    refused = await client.post("/do", data=form)
    assert refused.status_code == 422
    assert "Die Pumpe ist &lt;laut&gt;</textarea>" in refused.text
    assert 'id="post"' in refused.text, "the composer itself"
    odd = {**form, "id": new_id(), "urgency": "sehr", "draft": new_id()}
    again = await client.post("/do", data=odd)
    assert (again.status_code, "Die Pumpe ist &lt;laut&gt;</textarea>" in again.text) == (422, True)
    sent = await client.post("/do", data={**form, "id": new_id(), "customer_said": ""})
    assert sent.status_code == 303, sent.text[-500:]
    post = await town.row(int(sent.headers["location"].rsplit("/", 1)[1]))
    assert (post.plain, post.urgency, post.kind) == ("Die Pumpe ist <laut>", 2, "feedback")


async def test_who_is_offered_while_a_name_is_typed_may_read_it(town: Town, client: httpx2.AsyncClient) -> None:
    post = await town.publish(town.silke, "Nur draußen", lines=[FIELD])  # its author is in the office
    field = {"Jana Reuter", "Mehmet Aydin"}

    async def offered(path: str) -> set[str]:
        found = (await client.get(path)).json()
        return {one["name"] for one in found["people"]}

    await cast.sign_in(client, town.house, town.jana)
    assert await offered(f"/posts/{post}/people.json") == {*field, "Silke Brandt"}
    assert await offered(f"/posts/{post}/people.json?q=ay") == {"Mehmet Aydin"}
    assert await offered("/audience/people.json?line=field;;") == field
    assert await offered("/audience/people.json?line=field;;&q=REU") == {"Jana Reuter"}
    assert await offered("/audience/people.json?q=quellmoor") == set(), "addresses are not searched"
    everyone = await offered("/audience/people.json")
    assert {*field, "Silke Brandt", "Carola Stein"} <= everyone
    assert "Gert Gast" not in everyone
    await cast.sign_in(client, town.house, town.carola)
    assert (await client.get(f"/posts/{post}/people.json")).status_code == 404
