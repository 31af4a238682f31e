"""Finding and making audiences, and keeping who is in."""

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, insert, select

from intranet import people
from intranet.kernel import Person, Refused, Tx, not_found

from .access import everyone, rules
from .lines import EVERYONE, Line, Reason, Rule, canonical, least, read, reason, reasons
from .models import Audience, AudienceLine, AudienceMember

_GONE = delete(AudienceMember).where(AudienceMember.audience == bindparam("a"), AudienceMember.person == bindparam("p"))
_AT_ONCE = 500


def chosen(tx: Tx, person: Person, audience: int, lines: Iterable[Line | str]) -> int:
    """The place that a write names: an audience there is, or lines, or neither for everyone; locked.

    Raises Refused 403 for guests, 404 for what is no audience, 422 as `find_or_make`.
    """
    if person.is_guest:
        raise Refused(403, "not-allowed")
    given = list(lines)
    if audience and not given:
        if tx.read(select(Audience.id).where(Audience.id == audience)).first() is None:
            raise not_found()
        tx.lock([audience])
        return audience
    return find_or_make(tx, given or [Line()])


def find_or_make(tx: Tx, lines: Iterable[Line | str]) -> int:
    """The place of the audience of these lines, locked; it is made if nobody has addressed it before.

    Raises Refused 422: `audience-empty` for no line or a new one that takes nobody, for a team or site not there.
    """
    given = read(lines)
    if not given:
        raise Refused(422, "audience-empty")
    text = canonical(given)
    place = everyone(tx.conn)
    if text != EVERYONE:
        tx.lock([place])  # on PostgreSQL: no other lane makes one or changes people meanwhile
        found = tx.read(select(Audience.id).where(Audience.text == text)).scalar()
        place = _made(tx, text, least(given)) if found is None else int(found)
    tx.lock([place])
    return place


def _made(tx: Tx, text: str, lines: list[Line]) -> int:
    _must_be_there(tx, lines)
    rule = Rule(lines)
    who = [one.id for one in people.profiles(tx.conn) if rule.takes(one)]
    if not who:
        raise Refused(422, "audience-empty")
    place = tx.new_place("audience")
    tx.add(Audience, {"id": place, "text": text})
    tx.change(insert(AudienceLine), [
        {"audience": place, "number": number, "side": line.side, "team": line.team, "site": line.site}
        for number, line in enumerate(lines, 1)
    ])  # fmt: skip
    tx.change(insert(AudienceMember), [{"audience": place, "person": one} for one in who])
    tx.record(everyone(tx.conn), "audiences.made", f"a-{place}")
    return place


def _must_be_there(tx: Tx, lines: list[Line]) -> None:
    teams = {line.team for line in lines if line.team}
    if teams - {team.id for team in people.teams(tx.conn)}:
        raise Refused(422, "team-unknown")
    sites = {people.fold(line.site) for line in lines if line.site}
    if sites and sites - {people.fold(site) for site in people.sites(tx.conn)}:
        raise Refused(422, "audience-site")


def settle(tx: Tx, changed: dict[int, int]) -> None:
    """Who has changed (by whom) comes into the audiences that take them now and leaves those that do no longer.

    Each is logged where it happened; a handful of statements, however many people and audiences.
    """
    tx.lock([everyone(tx.conn)])  # as in `find_or_make`: neither misses what the other does
    known = people.profiles(tx.conn, changed)
    taking: dict[Reason, list[int]] = {}
    for place, lines in rules(tx.conn).items():
        for line in lines:
            taking.setdefault(reason(line), []).append(place)
    now = {(place, one.id) for one in known for why in reasons(one) for place in taking.get(why, ())}
    before = _before(tx, sorted(changed))
    left, joined = sorted(before - now), sorted(now - before)
    if left:
        tx.change(_GONE, [{"a": place, "p": person} for place, person in left])
    if joined:
        tx.change(insert(AudienceMember), [{"audience": place, "person": person} for place, person in joined])
    for kind, some in (("audiences.left", left), ("audiences.joined", joined)):
        for place, person in some:
            tx.record_later(place, kind, f"p-{person}", changed[person])
    for person in sorted({person for _place, person in [*left, *joined]}):
        tx.mine(person, "profile")


def _before(tx: Tx, ids: list[int]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        rows = tx.read(select(AudienceMember.audience, AudienceMember.person).where(AudienceMember.person.in_(some)))
        found |= {(row.audience, row.person) for row in rows}
    return found
