"""What verbs and the follower of teams share: whom one may bring in, coming in, going out, free names."""

from sqlalchemy import delete, select, update

from intranet import people
from intranet.kernel import Person, Refused, Tx

from .access import companions
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
    """Out, with one last event; if no moderator is left, the longest-standing colleague becomes one."""
    tx.record(channel, "channels.left", f"p-{who}", actor)
    tx.change(delete(Member).where(Member.channel == channel, Member.person == who))
    tx.mine(who, f"member/{channel}")
    here = Member.channel == channel
    if tx.read(select(Member.person).where(here, Member.role == "moderator").limit(1)).first() is None:
        left = list(tx.read(select(Member.person).where(here).order_by(Member.joined)).scalars())
        lines = people.names(tx.conn, left)
        heir = next((one for one in left if lines[one].active and lines[one].role != "guest"), None)
        if heir is not None:
            tx.change(update(Member).where(here, Member.person == heir).values(role="moderator"))
            tx.record(channel, "channels.role", f"p-{heir}", actor)
            tx.mine(heir, f"member/{channel}")
