"""What the pages load on which posts are written: a new one, a draft, an edit; and who may write news."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from intranet import audiences, customers, files, people
from intranet.kernel import LANGUAGES, AnyRow, House, Person, Refused, markdown, not_found
from intranet.kernel import number as number_of

from . import drafts
from .access import is_editor, may_edit, may_write_news, post_for
from .contents import in_zone_text
from .models import NewsWriter, PostAuthor, PostText
from .writes import WRITTEN, Content

MOST_OFFERED = 8  # customers and products before anything is typed


def new_page(conn: Connection, person: Person, kind: str, key: str, customer: int = 0) -> dict[str, Any]:
    """The composer, empty, about a customer or with a draft. Raises Refused 403, 404."""
    if person.is_guest:
        raise Refused(403, "not-allowed")
    row = drafts.draft_for(conn, person, key) if key else None
    about = customer if customers.names(conn, [customer]) else 0
    content = drafts.content_of(row) if row is not None else Content(id="new", kind=kind, customer=about)
    return _composer(conn, person, row, content)


def new_again(
    conn: Connection, person: Person, fields: Mapping[str, Any], refusal: Refused,
    sentence: Callable[[Refused, str], str],
) -> dict[str, Any]:  # fmt: skip
    """The composer with what was typed, when a form's post was refused. Raises Refused 403."""
    if person.is_guest:
        raise Refused(403, "not-allowed")
    key = str(fields.get("draft", ""))
    row = next((one for one in drafts.drafts_of(conn, person) if one.key == key), None)
    found = _composer(conn, person, row, _typed(fields))
    return {**found, "problem": sentence(refusal, person.lang)}


def _typed(fields: Mapping[str, Any]) -> Content:
    """What a form holds, as far as it can be read: its words in any case."""
    own = {name: value for name, value in fields.items() if name in Content.__struct_fields__ and name != "place"}
    words = {name: str(fields.get(name, "")) for name in ("kind", "title", "text")}
    try:
        return msgspec.convert({**own, **words, "id": "new", "do": "Content"}, Content, strict=False)
    except msgspec.ValidationError:
        return Content(id="new", kind=words["kind"], title=words["title"], text=words["text"])


def _composer(conn: Connection, person: Person, row: AnyRow | None, content: Content) -> dict[str, Any]:
    writes_news = may_write_news(conn, person)
    return {
        "kinds": [one for one in WRITTEN if one != "news" or writes_news], "may_news": writes_news,
        "draft": {"key": row.key, "rev": row.rev, "at": row.at, "refused": row.refused, "other": row.other,
                  "author": row.author, "id": row.id} if row is not None else None,
        "held": [tile.as_json() for tile in files.tiles_of(conn, "draft", [row.id]).get(row.id, [])] if row is not None
        else [],
        "versions": msgspec.to_builtins(content.versions), "teams": people.teams(conn),
        **_filled(conn, content), **_choices(conn, person, content),
    }  # fmt: skip


def _filled(conn: Connection, content: Content) -> dict[str, Any]:
    """What stands in the form, with the names of those it is about."""
    return {
        "problem": "", "chosen": _chosen(conn, content),
        "content": msgspec.to_builtins(content) | {name: getattr(content, name) for name in Content.__struct_fields__},
        "customer": customers.names(conn, [content.customer]).get(content.customer) if content.customer else None,
        "product": customers.products(conn, [content.product]).get(content.product) if content.product else None,
    }  # fmt: skip


def _chosen(conn: Connection, content: Content) -> dict[str, list[people.PersonLine]]:
    """Who is named in the draft, by the field that names them."""
    fields = {"people": content.people, "authors": content.authors}
    names = people.names(conn, {one for some in fields.values() for one in some})
    return {field: [names[one] for one in some if one in names] for field, some in fields.items()}


def _choices(conn: Connection, person: Person, content: Content) -> dict[str, Any]:
    """Whom it can be for, and the customers and products that one tap chooses."""
    lines = content.lines or (audiences.lines_of(conn, content.audience) if content.audience else [])
    return {
        "audience": audiences.offer(conn, person, lines), "own_customers": customers.own(conn, person, MOST_OFFERED),
        "some_products": customers.find_products(conn, person, "", MOST_OFFERED),
    }  # fmt: skip


def drafts_page(conn: Connection, person: Person, house: House) -> dict[str, Any]:
    """All drafts of this person, with what was refused in words."""
    rows = drafts.drafts_of(conn, person)
    names = people.names(conn, {row.author for row in rows})
    return {"drafts": [
        {"key": row.key, "kind": row.kind, "title": row.title, "text": _first(row.text), "at": row.at,
         "saved": row.saved, "author": names[row.author], "is_author": row.author == person.id,
         "refused": house.sentence(Refused(403, row.refused), person.lang) if row.refused else ""}
        for row in rows
    ]}  # fmt: skip


def _first(text: str) -> str:
    """The beginning of what is being written, as it reads."""
    return markdown.excerpt(markdown.render(text[:600]).plain, 60)


def edit_page(conn: Connection, person: Person, number: int, lang: str, zone: str) -> dict[str, Any]:
    """A post to be changed, opened in one of its languages. Raises Refused 404 for who may not."""
    row = post_for(conn, person, number)
    if row.removed or not may_edit(conn, person, row):
        raise not_found()
    texts = {row.lang: row, **{one.lang: one for one in conn.execute(select(PostText).where(PostText.post == number))}}
    lang = lang if lang in LANGUAGES else row.lang
    there = texts.get(lang)
    together = conn.execute(select(PostAuthor.person).where(PostAuthor.post == number)).scalars()
    content = Content(
        id="edit", kind=row.kind, lang=lang, title=there.title if there else "", text=there.text if there else "",
        customer=row.customer, product=row.product, urgency=row.urgency, authors=sorted(together), expires=row.expires,
    )  # fmt: skip
    return {
        "post": row, "langs": list(texts), "base": row.version, "theirs": None, "is_author": row.author == person.id,
        "texts": [{"lang": one.lang, "title": one.title, "text": one.text} for one in texts.values()],
        "expires_text": in_zone_text(row.expires, zone), **_filled(conn, content),
        "held": [tile.as_json() for tile in files.tiles_of(conn, "post", [number]).get(number, [])],
        **_choices(conn, person, Content(id="edit", audience=row.place)),
    }  # fmt: skip


def edit_again(
    conn: Connection, person: Person, number: int, fields: Mapping[str, Any], refusal: Refused,
    sentence: Callable[[Refused, str], str], zone: str,
) -> dict[str, Any]:  # fmt: skip
    """The same with what was typed; over a newer version, with that one beside it and as the base from here on."""
    found = edit_page(conn, person, number, str(fields.get("lang", "")), zone)
    newer = refusal.code == "newer-version"
    typed = {name: str(fields[name]) for name in ("title", "text", "customer_said", "product_said") if name in fields}
    return {
        **found, "content": {**found["content"], **typed, "urgency": number_of(str(fields.get("urgency", ""))) or 0},
        "customer": None, "product": None, "expires_text": str(fields.get("expires_local", found["expires_text"])),
        "base": found["base"] if newer else fields.get("base", found["base"]),
        "theirs": {"title": refusal.params["title"], "text": refusal.params["text"]} if newer else None,
        "problem": sentence(refusal, person.lang),
    }  # fmt: skip


def writers_page(conn: Connection, person: Person) -> dict[str, Any]:
    """Who may publish news beside the editors. Raises Refused 403."""
    if not is_editor(person):
        raise Refused(403, "not-allowed")
    targets = list(conn.execute(select(NewsWriter.target)).scalars())
    known = people.names(conn, {int(one) for one in targets if one.isdigit()})
    teams = people.teams(conn)
    return {
        "writers": sorted((line for line in known.values() if line.active), key=lambda line: people.fold(line.name)),
        "writing_teams": [team for team in teams if f"t{team.id}" in targets], "teams": teams,
        "staff": [one for one in people.directory(conn, person) if one.role == "member"],
    }  # fmt: skip
