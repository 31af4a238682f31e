"""What people bring about: whoever changes, or joins or leaves a team, may come into audiences or leave them."""

from collections.abc import Sequence

from intranet.kernel import Logged, Tx

from .actions import settle

KINDS = frozenset({"people.changed", "people.team_joined", "people.team_left"})


def follow(tx: Tx, events: Sequence[Logged]) -> None:
    """All who are named, once each."""
    settle(tx, {int(event.subject): event.actor for event in events})
