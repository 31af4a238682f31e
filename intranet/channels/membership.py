"""What verbs and followers share: whom one may bring in, coming in, going out, free names."""

from sqlalchemy import delete, select, update

from intranet import people
from intranet.kernel import Person, Refused, Tx

from .access import able, companions, is_led
from .models import Channel, Member


def must_be_free(tx: Tx, name: str, *, but: int = 0) -> str:
    """The folded name. Two open public channels of one would be taken for each other. Raises Refused 409."""
    folded = people.fold(name)
    if tx.read(select(Channel.id).where(Channel.folded == folded, Channel.id != but)).first():
        raise Refused(409, "name-taken", name=name)
    return folded


def known(tx: Tx, person: Person, wanted: set[int]) -> list[int]:
    """Those of `wanted` that are active and whom the person sees, sorted."""
    if not wanted:
        return []
    there = {one for one, line in people.names(tx.conn, wanted).items() if line.active}
    if person.is_guest:
        there &= set(tx.read(companions(person.id)).scalars())
    return sorted(there)


def bring_in(tx: Tx, channel: int, history: str, who: list[int], actor: int, *, role: str = "member") -> None:
    """Members from the seq of their own `joined` event on; its place is locked."""
    for one in who:
        seq = tx.record(channel, "channels.joined", f"p-{one}", actor)
        tx.add(Member, {
            "channel": channel, "person": one, "role": role, "joined": seq, "seen": seq,
            "since": seq if history == "joining" else 0, "favourite": 0, "hidden": 0,
        })  # fmt: skip
        tx.mine(one, f"member/{channel}")


def take_out(tx: Tx, channel: int, who: int, actor: int) -> None:
    """Out, with one last event; somebody goes on moderating."""
    tx.record(channel, "channels.left", f"p-{who}", actor)
    tx.change(delete(Member).where(Member.channel == channel, Member.person == who))
    tx.mine(who, f"member/{channel}")
    find_heir(tx, channel, actor)


def find_heir(tx: Tx, channel: int, actor: int) -> None:
    """If nobody who can moderates any more, the longest-standing who could becomes moderator. Its place is locked."""
    standing = able(tx.conn, channel)
    if standing and not is_led(standing):
        give_role(tx, channel, standing[0][0].id, "moderator", actor)


def give_role(tx: Tx, channel: int, who: int, role: str, actor: int) -> None:
    """A member's role, for all to see."""
    tx.change(update(Member).where(Member.channel == channel, Member.person == who).values(role=role))
    tx.record(channel, "channels.role", f"p-{who}", actor)
    tx.mine(who, f"member/{channel}")
