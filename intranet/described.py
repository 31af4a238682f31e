"""What programs may call, as an OpenAPI description, made from the verbs and from a readable list of what they read."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from intranet import __version__
from intranet.kernel import Room, Verb

Schema = Mapping[str, Any]
ADDRESS = "/openapi.json"
ABOUT = "Writing and reading for programs. Live frames come over a socket: docs/api/socket.md."
PROBLEM = "#/components/schemas/Problem"

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
CLIENT_ID: Schema = {"type": "string", "minLength": 8, "maxLength": 64, "pattern": "^[A-Za-z0-9-]+$"}
OBJECT: Schema = {"type": "object"}


def rows(**fields: Schema) -> Schema:
    """A list of objects that have at least these fields."""
    return {"type": "array", "items": record(**fields)}


def record(**fields: Schema) -> dict[str, Any]:
    """An object that has at least these fields."""
    return {"type": "object", "properties": fields, "required": list(fields)}


class Call(msgspec.Struct, frozen=True):
    """One thing that can be asked: `answer` is a schema, or the media type of what is no JSON."""

    method: str
    path: str
    says: str
    answer: Any
    query: Mapping[str, Schema] = {}
    body: Any = None
    open: bool = False  # also for who is not signed in


PERSON = record(id=NUMBER, name=TEXT, side=TEXT)
CALLS = (
    Call("get", "/catchup", "The frames of a place after a cursor; ask again until `complete`.", record(),
         {"place": NUMBER, "epoch": TEXT, "after": NUMBER, "dialect": {"enum": ["json", "html"]},
          "lang": {"enum": ["de", "nl", "en"]}}),
    Call("post", "/receipts", "Which of one's own acknowledged writes this record has.",
         record(known={"type": "array", "items": TEXT}),
         body={**record(ids={"type": "array", "items": TEXT, "maxItems": 500}), "additionalProperties": False}),
    Call("get", "/jump.json", "Where one can jump to: conversations, channels, people, customers.",
         rows(kind=TEXT, name=TEXT, sub=TEXT, href=TEXT, n=NUMBER), {"q": TEXT}),
    Call("get", "/c/{channel}/people.json", "Who can be mentioned in a channel.",
         record(people={"type": "array", "items": PERSON}, teams=rows(id=NUMBER, name=TEXT), all=NUMBER)),
    Call("get", "/posts/{post}/people.json", "Who can be mentioned under a post.",
         record(people={"type": "array", "items": PERSON})),
    Call("get", "/posts/{post}/reactions", "Who reacted to a post, by emoji.", record(reactions=OBJECT)),
    Call("get", "/comments/{comment}/reactions", "Who reacted to a comment, by emoji.", record(reactions=OBJECT)),
    Call("get", "/comments/{comment}/source", "What one wrote oneself, to be changed.", record(text=TEXT)),
    Call("get", "/audience/people.json", "Who can be named in a post for this audience.",
         record(people={"type": "array", "items": PERSON}), {"line": TEXT}),
    Call("get", "/audience/reach", "How many an audience reaches.",
         record(total=NUMBER, field=NUMBER, office=NUMBER, words=TEXT), {"line": TEXT}),
    Call("get", "/customers.json", "Customers that fit.", rows(id=NUMBER, name=TEXT, said=TEXT), {"q": TEXT}),
    Call("get", "/customers/carers.json", "Who can look after a customer.", rows(id=NUMBER, name=TEXT), {"q": TEXT}),
    Call("get", "/products.json", "Products that fit.", rows(id=NUMBER, name=TEXT), {"q": TEXT}),
    Call("get", "/polls/{poll}/result.csv", "A result as a table.", "text/csv"),
    Call("get", "/polls/{poll}/result.xlsx", "A result as a table.",
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Call("get", "/polls/{poll}/result.ics", "The chosen date as an entry of a calendar.", "text/calendar"),
    Call("put", "/files/{upload}", "The bytes of an announced file from `offset` on.",
         record(offset=NUMBER, done={"type": "boolean"}), {"offset": NUMBER}, body="application/octet-stream"),
    Call("get", "/files/{file}/{variant}/{name}", "A file, or a picture made of it.", "*/*"),
    Call("get", "/key", "The key that seals what a device keeps.", record(person=NUMBER, key=TEXT)),
    Call("get", "/words/{lang}.json", "The sentences of the scripts.", OBJECT, open=True),
    Call("get", ADDRESS, "This description.", record(openapi=TEXT, paths=OBJECT), open=True),
    Call("get", "/healthz", "The process lives.", "text/plain", open=True),
    Call("get", "/readyz", "The record can be reached.", "text/plain", open=True),
)  # fmt: skip
NAMED = {"lang": {"enum": ["de", "nl", "en"]}, "variant": {"enum": ["original", "preview", "thumb", "play"]}}
TEXTS = ("upload", "file", "name")  # in paths; what else stands there is a number


def document(rooms: Sequence[Room]) -> dict[str, Any]:
    """The whole description."""
    verbs = sorted((verb for room in rooms for verb in room.verbs if not verb.internal), key=lambda verb: verb.name)
    schemas: dict[str, Any] = {"Problem": _problem(), "Done": _done()}
    for verb in verbs:
        for name, schema in _write(verb).items():
            if schemas.setdefault(name, schema) != schema:
                raise ValueError(f"two things are named {name}")
    paths: dict[str, Any] = {"/do": {"post": _do(verbs)}}
    for call in CALLS:
        paths.setdefault(call.path, {})[call.method] = _call(call)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Binnen", "version": __version__, "description": ABOUT},
        "security": [{"token": []}, {"cookie": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Made under Me, Access tokens."},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "binnen",
                           "description": "A browser's session; writes need this site's Origin."},
            },
        },
    }  # fmt: skip


def _write(verb: Verb) -> dict[str, Any]:
    """The write of one verb under the verb's name, and what its fields are made of."""
    _, parts = msgspec.json.schema_components([verb.write], ref_template="#/components/schemas/{name}")
    found = {}
    for name, schema in parts.items():
        own = name == verb.write.__name__
        schema.pop("title", None)
        schema["description"] = " ".join(schema.get("description", "").split())
        if own:
            schema["properties"]["do"] = {"const": verb.name}
            schema["properties"]["id"] = CLIENT_ID
        found[verb.name if own else name] = _ecma(schema)
    return found


def _ecma(schema: Any) -> Any:
    """Patterns as JSON Schema has them: the end is `$`."""
    if isinstance(schema, dict):
        return {
            key: value.replace("\\Z", "$") if key == "pattern" and isinstance(value, str) else _ecma(value)
            for key, value in schema.items()
        }
    return [_ecma(one) for one in schema] if isinstance(schema, list) else schema


def _do(verbs: Sequence[Verb]) -> dict[str, Any]:
    named = {verb.name: f"#/components/schemas/{verb.name}" for verb in verbs}
    writes = {"oneOf": [{"$ref": ref} for ref in named.values()],
              "discriminator": {"propertyName": "do", "mapping": named}}  # fmt: skip
    return {
        "summary": "Every write: `do` names the verb.", "operationId": "do",
        "requestBody": {"required": True, "content": {"application/json": {"schema": writes}}},
        "responses": {"200": _json({"$ref": "#/components/schemas/Done"}), **_refusals()},
        "security": [{"token": []}, {"cookie": []}, {}],
    }  # fmt: skip


def _call(call: Call) -> dict[str, Any]:
    parameters: list[Any] = [
        {"name": name, "in": "path", "required": True, "schema": NAMED.get(name, TEXT if name in TEXTS else NUMBER)}
        for name in [part.partition("}")[0] for part in call.path.split("{")[1:]]
    ]
    parameters += [{"name": name, "in": "query", "schema": schema} for name, schema in call.query.items()]
    said = {"description": "OK", "content": {call.answer: {}}} if isinstance(call.answer, str) else _json(call.answer)
    found: dict[str, Any] = {
        "summary": call.says, "operationId": f"{call.method} {call.path}", "parameters": parameters,
        "responses": {"200": said, **_refusals()},
    }  # fmt: skip
    if call.body is not None:
        content = {call.body: {}} if isinstance(call.body, str) else {"application/json": {"schema": call.body}}
        found["requestBody"] = {"required": True, "content": content}
    if call.open:
        found["security"] = []
    return found


def _json(schema: Schema) -> dict[str, Any]:
    return {"description": "OK", "content": {"application/json": {"schema": schema}}}


def _refusals() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": PROBLEM}}}
    return {"4XX": {"description": "Refused, with a sentence in the reader's language.", "content": content},
            "5XX": {"description": "Nothing was written; send it again later.", "content": content}}  # fmt: skip


def _problem() -> dict[str, Any]:
    return {**record(type=TEXT, title=TEXT, status=NUMBER, code=TEXT), "description": "RFC 9457."}


def _done() -> dict[str, Any]:
    """What a write is answered."""
    thing = rows(id=TEXT, seq=NUMBER, rev=NUMBER, kind=TEXT, html=TEXT)
    return record(id=TEXT, ok=record(place=NUMBER, seq=NUMBER), things=thing, mine=OBJECT)


def routes(rooms: Sequence[Room]) -> list[BaseRoute]:
    """For the app to mount."""

    @cache
    def encoded() -> bytes:
        return msgspec.json.encode(document(rooms))

    async def described(_request: Request) -> Response:
        return Response(encoded(), media_type="application/json", headers={"Cache-Control": "no-cache"})

    return [Route(ADDRESS, described)]
