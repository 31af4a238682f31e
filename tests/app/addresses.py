"""Real addresses of real things, as the matrix and the leak rig ask for them."""

import json
from typing import Any

from intranet.customers import writes as customers
from intranet.files.actions import Begin
from intranet.kernel import SYSTEM, asset, new_id
from intranet.people.writes import Photo, TeamMake
from intranet.polls.writes import Open
from tests import cast
from tests.app import posts
from tests.app.company import Company

PAGE = "text/html"
BODIES: dict[str, tuple[bytes, dict[str, str]]] = {
    "/receipts": (json.dumps({"ids": [new_id()]}).encode(), {"content-type": "application/json"})
}


async def of(company: Company) -> dict[str, Any]:
    """Ids by name: `private`, `public` and `direct` are channels, with `_seq`, `_topic` and `_file` of theirs."""
    house, names = company.house, {}
    for kind in ("private", "public", "direct"):
        place = await company.channel(kind)
        said = await cast.say(house, company.author, place, "gesagt", topic_name="Thema")
        _seq, _tile, file = await company.file(place, b"Inhalt der Anlage", "anlage.txt")
        poll = await house.perform(company.author, Open(
            id=new_id(), place=place, question="Wohin?", options=["Fluss", "Berg"], results="live"
        ))  # fmt: skip
        names[f"{kind}_poll"] = poll.extra["poll"]
        names |= {kind: place, f"{kind}_seq": said.seq, f"{kind}_topic": said.extra["topic"], f"{kind}_file": file}
    begin = Begin(id=new_id(), name="b.txt", size=3, sha256="0" * 64)
    await house.perform(company.who["member"], begin)
    await house.perform(company.author, Photo(id=new_id(), photo="0" * 32))
    team = await house.perform(SYSTEM, TeamMake(id=new_id(), name="Mannschaft"))
    made = await house.perform(SYSTEM, customers.Make(id=new_id(), number="10482", name="Werk"))
    product = await house.perform(SYSTEM, customers.ProductMake(id=new_id(), name="Pumpe"))
    people = {name: one.id for name, one in company.who.items()}
    team_post = await posts.publish(company, company.author, "team")
    return {
        "post": team_post,
        "post_all": await posts.publish(company, company.author, "all"),
        "comment": await posts.say(company, company.author, team_post),
        **names, **people, "upload": begin.id, "author": company.author.id, "epoch": house.epoch, "nothing": 99999999,
        "beyond": 10**30, "token": "0" * 64, "photo": "0" * 32,
        "customer": made.extra["customer"], "product": product.extra["product"],
        "team": team.place, "asset": asset("kernel/nav.js"),
    }  # fmt: skip


async def ask(company: Company, actor: str, method: str, path: str) -> int:
    """The status; for GET, HEAD must say the same (asked once for who is in and once for who is not)."""
    content, heads = BODIES.get(path, (b"", {}))
    status = (await company.asked(actor, method, path, content, accept=PAGE, **heads)).status
    if method == "GET" and actor in ("none", "member") and not path.startswith("/files/"):
        assert (await company.asked(actor, "HEAD", path, accept=PAGE)).status == status, path
    return status
