"""`POST /do`: every change, as JSON (outbox, programs) or as a form (without JavaScript: 303)."""

from collections.abc import Sequence
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from sqlalchemy import Connection, select
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from .errors import Refused
from .guard import up_to
from .house import House, new_id
from .outside import number
from .person import Person
from .room import Answer, Verb
from .tables import Event
from .web import cookie_name, house, is_https, problem, respond, set_session, who

MOST_FROM_NOBODY = 64 * 1024  # of who is not signed in: they have nothing to say but names and passwords


async def do(request: Request) -> Response:
    """Take one write. JSON in, JSON out; a form leads on by 303 or comes back with its text kept."""
    person = await who(request)
    if person.id == 0:
        refusal = Refused(413, "too-large", limit=f"{MOST_FROM_NOBODY // 1024} KB")
        request = Request(request.scope, up_to(request.receive, MOST_FROM_NOBODY, refusal))
    if request.headers.get("content-type", "").startswith("application/json"):
        return await _from_json(request, person)
    return await _from_form(request, person)


async def _from_json(request: Request, person: Person) -> Response:
    write_id = ""
    try:
        try:
            raw = msgspec.json.decode(await request.body(), type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Refused(422, "malformed", reason="JSON") from error
        write_id = str(raw.get("id", ""))[:64]
        if request.headers.get("x-person", str(person.id)) != str(person.id):
            raise Refused(401, "signed-out")  # an outbox of one person's, and by now a cookie of another's
        house(request).allowance.take(person)
        write = house(request).decode(_unix_lines(raw), strict=True)
        answer = await house(request).perform(person, write)
    except Refused as refusal:
        return problem(request, person, refusal, write_id)
    body = await house(request).read(answer_body, house(request), person, answer)
    return _with_session(request, JSONResponse(body, headers={"Cache-Control": "no-store"}), answer)


async def _from_form(request: Request, person: Person) -> Response:
    async with request.form(max_files=0, max_fields=200) as form:
        kind = str(form.get("do", ""))
        verb = house(request).verbs.get(kind)
        fields = _fields(form, verb)
    try:
        house(request).allowance.take(person)
        write = house(request).decode(_unix_lines(fields), strict=False)
        answer = await house(request).perform(person, write)
    except Refused as refusal:
        if refusal.status == 401 and person.id == 0 and not (verb and verb.nobody):
            return RedirectResponse("/sign-in", 303)
        form_again = house(request).forms.get(kind)
        if form_again is not None:
            return await form_again(request, fields, refusal)
        context = {
            "sentence": house(request).sentence(refusal, person.lang), "refusal": refusal, "back": _back(request),
            "fields": [(k, str(v)) for k, v in fields.items() if k != "id" and "password" not in k], "fresh": new_id(),
        }  # fmt: skip
        return respond(request, "kernel/refused.html", person, context, refusal.status)
    target = verb.goto(answer) if verb and verb.goto else _back(request)
    return _with_session(request, RedirectResponse(target, 303), answer)


def _fields(form: FormData, verb: Verb | None) -> dict[str, Any]:
    """Form fields as a write: names that the verb takes as lists keep all their values; a number that could also be
    a client id is a number; an empty place goes. What starts with an underscore belongs to the page, not the write."""
    lists, subjects = set(), set()
    if verb is not None:
        for name, hint in get_type_hints(verb.write).items():
            if any(get_origin(h) in (list, tuple) for h in (hint, *get_args(hint))):
                lists.add(name)
            elif {int, str} <= set(get_args(hint)):
                subjects.add(name)
    fields: dict[str, Any] = {}
    for name in form:
        if name.startswith("_"):
            continue
        values = [value for value in form.getlist(name) if isinstance(value, str)]
        last = values[-1] if values else ""
        whole = number(last) if name in subjects else None
        fields[name] = values if name in lists else last if whole is None else whole
    if fields.get("place") == "":
        del fields["place"]
    return fields


def _unix_lines(raw: dict[str, Any]) -> dict[str, Any]:
    """Browsers' forms send CRLF: a retry from the outbox must have the same digest."""
    return {key: value.replace("\r\n", "\n") if isinstance(value, str) else value for key, value in raw.items()}


def _back(request: Request) -> str:
    referer = request.headers.get("referer", "")
    path = referer.split("//", 1)[-1].partition("/")[2]
    return "/" + path if path and not path.startswith(("/", "\\")) else "/"


def _with_session(request: Request, response: Response, answer: Answer) -> Response:
    """A verb may hand over a session's secret once; it leaves as a cookie only."""
    token = answer.extra.get("set_session")
    if token:
        set_session(request, response, token)
    if answer.extra.get("clear_session"):
        response.delete_cookie(cookie_name(request), path="/", secure=is_https(request), httponly=True)
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


def answer_body(conn: Connection, the_house: House, person: Person, answer: Answer) -> dict[str, Any]:
    """The answer to a write as JSON: place and seq, and the thing as it is now if the person may read it."""
    extra = {k: v for k, v in answer.extra.items() if k not in ("set_session", "clear_session", "mine")}
    mine = answer.extra.get("mine", [])
    return {
        "id": answer.id,
        "ok": {"place": answer.place, "seq": answer.seq, **extra},
        "things": things_of(conn, the_house, person, answer),
        "mine": the_house.mine(conn, person.id, mine) if mine else {},
    }


def things_of(conn: Connection, the_house: House, person: Person, answer: Answer) -> list[dict[str, Any]]:
    """The fragment of what was written, for its author's page; nothing where they may not read it (any more)."""
    if not answer.seq or person.id <= 0:
        return []
    places = the_house.places(person.id).subquery()
    joined = conn.execute(select(places.c.joined).where(places.c.place == answer.place)).scalar()
    if joined is None:
        return []
    event = conn.execute(
        select(Event.kind, Event.subject).where(Event.place == answer.place, Event.seq == answer.seq)
    ).first()
    card = the_house.cards.get(event.kind) if event else None
    if card is None or event is None:
        return []
    subjects: Sequence[str] = [event.subject]
    found = card.render(conn, answer.place, subjects, person.lang)
    return [
        {"id": thing.id, "seq": thing.seq, "rev": thing.rev, "kind": event.kind, "html": thing.html}
        for thing in found.values() if thing.seq >= joined
    ]  # fmt: skip
