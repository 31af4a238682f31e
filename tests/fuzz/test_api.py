"""Calls made up from the OpenAPI description, sent to a real server by people of several roles.

Never a 5xx, every answer as described, every refusal a problem document, and no planted word where it may not be read.
Half of the numbers and names that are made up are those of things that are there: else every call would be a 404.
"""

import asyncio
import copy
import random
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from intranet.app import ROOMS
from intranet.described import document
from intranet.kernel import new_id
from intranet.kernel.config import Settings
from tests.app import holes, turns
from tests.app.company import TURNED, found
from tests.app.expectations import ENDS_SESSIONS
from tests.app.secrets import Planted, plant
from tests.app.visits import FIELDS
from tests.served import Served

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
ROLES = {"none": 1, "outsider": 6, "guest": 4, "member": 4, "administrator": 3}  # examples of each call
MALFORMED = "guest"  # whose calls are also made up against the description
SECONDS = 75  # for all of them; what is not reached by then is named as not reached
# What changes who may read what would make the planted words wrong; only who may do none of it tries it here.
RIGHTS = (
    "channels.", "people.", "feed.audience", "feed.edit", "feed.publish", "feed.draft", "moderation.", "polls.share",
)  # fmt: skip


def known(planted: Planted) -> dict[str, list[Any]]:
    """Real things by the names of fields."""
    names = planted.names | {"at": 2_000_000_000_000}
    found: dict[str, list[Any]] = {
        field: [fill(names, kind) for kind in ("private", "direct", "joining")] for field, fill in FIELDS.items()
        if field not in ("password", "name", "text")
    }  # fmt: skip
    places = [names[kind] for kind in ("private", "direct", "joining", "circle")]
    return found | {
        "place": places, "channel": places, "after": [0], "epoch": [names["epoch"]], "q": ["a", "muster"],
        "file": [names["private_file"], names["private_photo"], names["post_file"]], "upload": [names["upload"]],
        "card": [f"post-{names['post']}"], "reply_to": [names["private_seq"]], "line": ["", ";1;"],
    }  # fmt: skip


def made_real(case: Any, things: dict[str, list[Any]], dice: random.Random) -> None:
    """Put what is really there into a made-up call, in half of its fields: else every answer would be a 404."""
    body = case.body if isinstance(case.body, dict) else {}
    if "do" in body:
        body["id"] = new_id()  # else most are repeats of another write
        body.setdefault("place", 0)
    for part in (body, case.path_parameters or {}, case.query or {}):
        for name in part.keys() & things.keys() - {"do", "id"}:
            if dice.random() < 0.5:
                part[name] = dice.choice(things[name])


def by_verb(described: dict[str, Any]) -> dict[str, Any]:
    """A call of its own for each verb; the path is made the real one before it is sent."""
    described = copy.deepcopy(described)
    do = described["paths"].pop("/do")["post"]
    for verb, ref in do["requestBody"]["content"]["application/json"]["schema"]["discriminator"]["mapping"].items():
        one = copy.deepcopy(do) | {"operationId": verb}
        one["requestBody"]["content"]["application/json"]["schema"] = {"$ref": ref}
        described["paths"][f"/do/{verb}"] = {"post": one}
    return described


class Findings:
    """What went wrong, and how much was tried."""

    def __init__(self, planted: Planted) -> None:
        self.planted, self.calls, self.wrong, self.reached = planted, 0, [], set()
        self.statuses: dict[int, int] = {}
        self.things, self.dice = known(planted), random.Random(4)

    def take(self, actor: str, case: Any, response: Any) -> None:
        self.calls += 1
        self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
        where = f"{actor}: {case.method} {case.path} {str(case.body)[:300]}"
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failures:
            self.wrong.append(f"{where}: {' '.join(map(repr, failures.exceptions))[:600]}")
        own = case.operation.label.endswith("people.make_token")  # told once to who makes it
        self.wrong += [f"{where}: {word}" for word in self.planted.leaks(actor, response.content) if not own]


def operations(described: dict[str, Any], url: str) -> Iterator[Any]:
    """Every call that the description has."""
    schema = schemathesis.openapi.from_dict(described)
    schema.config.update(base_url=url)
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        yield result.ok()


def probe(findings: Findings, described: dict[str, Any], url: str, roles: dict[str, int], only: str = "") -> None:
    """Try everything (that begins so) as everybody, in a thread beside the server."""
    until = time.monotonic() + SECONDS
    every = [one for one in operations(described, url) if one.path.startswith(only)]
    for actor, examples in roles.items():
        token = findings.planted.company.tokens.get(actor)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        for operation in every:
            verb = operation.path.removeprefix("/do/")
            rights = actor not in ("none", "guest") and verb.startswith(RIGHTS)
            if time.monotonic() > until or rights or (actor != "none" and verb in ENDS_SESSIONS):
                continue
            _try(findings, actor, operation, examples, headers, GenerationMode.POSITIVE)
            if actor == MALFORMED:
                with suppress(Unsatisfiable):  # there is nothing about it that could be wrong
                    _try(findings, actor, operation, examples, headers, GenerationMode.NEGATIVE)
            findings.reached.add((actor, operation.label))


def _try(
    findings: Findings, actor: str, operation: Any, examples: int, headers: dict[str, str], mode: GenerationMode
) -> None:
    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def once(case: Any) -> None:
        if case.path.startswith("/do/"):
            case.path = "/do"
        made_real(case, findings.things, findings.dice)
        findings.take(actor, case, case.call(headers=headers))

    once()


async def rig(served: Served) -> Planted:
    """Everything planted, everybody turned."""
    await served.app.state.runner.stop()
    planted = await plant(await found(served.app, *TURNED))
    await turns.before(planted)
    await turns.turn(planted)
    await turns.after(planted)
    return planted


@pytest.fixture
def unhurried(settings: Settings) -> Settings:
    """Nobody is told that it is too much."""
    return msgspec.structs.replace(settings, writes_per_second=100_000)


@pytest.mark.engine("sqlite")
@pytest.mark.timeout(300)
async def test_made_up_calls_find_nothing_wrong(unhurried: Settings) -> None:
    async with Served.start(unhurried) as served:
        findings = Findings(await rig(served))
        described = by_verb(document(ROOMS))
        await asyncio.to_thread(probe, findings, described, served.url, ROLES)
    print(f"{findings.calls} calls, by status: {dict(sorted(findings.statuses.items()))}")
    assert findings.wrong == []
    assert {200, 401, 403, 404, 422} <= findings.statuses.keys(), "answers of every kind"
    assert len({label for _, label in findings.reached}) == len(list(operations(described, served.url)))


@pytest.mark.engine("sqlite")
async def test_what_is_broken_is_found(unhurried: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("broken")

    def other(_conn: Any, _house: Any, _person: Any, ids: list[str]) -> Any:
        return {"ids": ids}

    monkeypatch.setattr(
        sys.modules["intranet.hub.routes"], "read_catch_up", fails
    )  # the door has a function of that name
    monkeypatch.setattr(sys.modules["intranet.kernel.receipts"], "_known", other)
    async with Served.start(unhurried) as served:
        planted = await rig(served)
        holes._open_error(holes.Rig(planted, served), monkeypatch)
        described = by_verb(document(ROOMS))
        for path, what in (("/catchup", "Server error"), ("/receipts", "schema"), ("/c/{channel}", "zwk")):
            findings = Findings(planted)
            await asyncio.to_thread(probe, findings, described, served.url, {"outsider": 20}, path)
            assert any(what in one for one in findings.wrong), (path, findings.wrong, findings.statuses)
