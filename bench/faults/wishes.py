"""What a device may want to write next: posts mostly; edits, deletions, reactions, comments, likes, votes, markers.

Each comes with the facts that hold once it is acknowledged (see `bench.history`), so that the checker can fold them.
"""

import random
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

EMOJI = ("👍", "🎉", "👀")
OPTIONS = 4  # of each poll
SETS_STATE = ("chat.read", "polls.vote")  # without a receipt: sent again it sets the state again, at a seq of its own


@dataclass
class World:
    """What there is besides channels: the same for all devices."""

    everyone: int = 0  # the place of the feed
    posts: list[int] = field(default_factory=list)
    polls: dict[int, list[int]] = field(default_factory=dict)  # place -> polls there
    anchors: dict[int, int] = field(default_factory=dict)  # channel -> a message that nobody deletes
    churned: set[tuple[int, int]] = field(default_factory=set)  # (channel, person) who come and go


@dataclass(slots=True)
class Wanted:
    """A write and what the checker is told of it."""

    body: dict[str, Any]
    text: str = ""
    stands: bool = False
    about: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class Wishes:
    """One device's will. It changes and deletes only what this very device has posted."""

    def __init__(
        self, person: int, device: int, world: World, rng: random.Random, *, states: bool, markers: bool
    ) -> None:
        self.person, self.device, self.world, self.rng = person, device, world, rng
        self.states, self.markers = states, markers  # whether it votes, and whether it says how far it has read
        self.own: dict[int, list[str]] = {}  # channel -> writes of standing messages
        self.count = 0

    def next(self, place: int, cursor: int) -> Wanted:
        """What to write in this place."""
        self.count += 1
        wanted = self._in_feed(place) if place == self.world.everyone else self._in_channel(place, cursor)
        write = str(UUID(int=self.rng.getrandbits(128), version=4))
        wanted.body |= {"id": write, "place": place}
        if wanted.body["do"] in ("chat.post", "feed.comment"):
            wanted.facts = {f"text/{write}": wanted.text}
        if wanted.stands:
            own = self.own.setdefault(place, [])
            own.append(write)
            del own[:-20]
        return wanted

    def _text(self) -> str:
        return f"{self.count} of device {self.device}"

    def _in_channel(self, place: int, cursor: int) -> Wanted:
        lot, own = self.rng.random(), self.own.setdefault(place, [])
        if lot < 0.02 and own:
            about, text = self.rng.choice(own), f"edited {self._text()}"
            return Wanted(
                {"do": "chat.edit", "message": about, "text": text}, text, about=about, facts={f"text/{about}": text}
            )
        if lot < 0.03 and own:
            about = own.pop(self.rng.randrange(len(own)))
            return Wanted({"do": "chat.delete", "message": about}, about=about, facts={f"text/{about}": None})
        if lot < 0.07:
            seq, emoji, on = self.world.anchors[place], self.rng.choice(EMOJI), self.rng.random() < 0.6
            body = {"do": "chat.react", "message": seq, "emoji": emoji, "on": on}
            return Wanted(body, facts={f"react/{seq}/{emoji}/{self.person}": on or None})
        if lot < 0.09 and self.markers and (place, self.person) not in self.world.churned:
            seq = max(cursor, self.world.anchors[place])  # from joining on all is read
            return Wanted({"do": "chat.read", "seq": seq}, facts={f"highest/read/{self.person}": seq})
        if lot < 0.10 and self.states and place in self.world.polls:
            return self._vote(place)
        text = self._text()
        return Wanted({"do": "chat.post", "text": text}, text, stands=True)

    def _in_feed(self, place: int) -> Wanted:
        lot, post = self.rng.random(), self.rng.choice(self.world.posts)
        if lot < 0.4 and self.states and place in self.world.polls:
            return self._vote(place)
        if lot < 0.7:
            emoji, on = self.rng.choice(("❤️", *EMOJI)), self.rng.random() < 0.6
            body = {"do": "feed.react", "post": post, "emoji": emoji, "on": on}
            return Wanted(body, facts={f"like/post-{post}/{emoji}/{self.person}": on or None})
        text = self._text()
        return Wanted({"do": "feed.comment", "post": post, "text": text}, text)

    def _vote(self, place: int) -> Wanted:
        poll, option = self.rng.choice(self.world.polls[place]), self.rng.randint(1, OPTIONS)
        withdraw = self.rng.random() < 0.1
        body: dict[str, Any] = {"do": "polls.vote", "poll": poll}
        body |= {"withdraw": True} if withdraw else {"yes": [option]}
        return Wanted(body, facts={f"vote/{poll}/{self.person}": None if withdraw else [option]})
