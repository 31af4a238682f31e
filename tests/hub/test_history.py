"""The checker finds each kind of broken promise in a history made by hand, and nothing in a good one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from bench.history import Findings, Place, Seen, Send, Stands, check

PLACE = 7


@dataclass
class Story:
    """Two devices, four messages; seq 1 is the channel's founding."""

    sends: list[Send]
    record: Place
    devices: dict[int, dict[int, Seen]] = field(default_factory=dict)


def good() -> Story:
    sends = [
        Send(f"w{seq}", device, PLACE, number, f"text {seq}", sent=float(seq), acked=seq + 0.5, seq=seq)
        for seq, device, number in ((2, 1, 1), (3, 2, 1), (4, 1, 2), (5, 2, 2))
    ]
    messages = [Stands(send.seq, send.write, send.text) for send in sends]
    seen = {device: {PLACE: Seen(1, 5, list(messages))} for device in (1, 2)}
    return Story(sends, Place(5, [1, 2, 3, 4, 5], messages), seen)


def found(story: Story) -> Findings:
    return check(story.sends, {PLACE: story.record}, story.devices)


def test_a_good_history_is_clean() -> None:
    assert found(good()) == Findings(acknowledged=4)
    assert found(good()).clean


def not_in_the_record(story: Story) -> None:
    del story.record.messages[1]


def not_on_a_device(story: Story) -> None:
    del story.devices[1][PLACE].messages[1]


def elsewhere_than_answered(story: Story) -> None:
    story.sends[0].seq = 9


def twice_in_the_record(story: Story) -> None:
    story.record.messages.append(replace(story.record.messages[0], seq=6))
    story.record.head, story.record.log = 6, [1, 2, 3, 4, 5, 6]


def twice_on_a_device(story: Story) -> None:
    story.devices[1][PLACE].messages.append(Stands(6, "w2", "text 2"))


def answered_differently(story: Story) -> None:
    story.sends[0].others.append(6)


def another_order_on_a_device(story: Story) -> None:
    messages = story.devices[1][PLACE].messages
    messages[0], messages[1] = replace(messages[0], seq=3), replace(messages[1], seq=2)


def late_on_a_device(story: Story) -> None:
    story.devices[1][PLACE].messages.reverse()


def own_order_turned(story: Story) -> None:
    story.sends[0].number, story.sends[2].number = 2, 1


def overtaken(story: Story) -> None:
    story.sends[1].sent, story.sends[1].acked = 8.0, 9.0


def hole_in_the_log(story: Story) -> None:
    story.record.log.remove(3)


def a_number_twice(story: Story) -> None:
    story.record.log.append(3)


def beyond_the_head(story: Story) -> None:
    story.record.head = 4


def a_jump(story: Story) -> None:
    story.devices[2][PLACE].jumps = 1


def not_at_the_end(story: Story) -> None:
    story.devices[2][PLACE].cursor = 4


def never_answered(story: Story) -> None:
    story.sends[3].acked = 0.0


def other_text(story: Story) -> None:
    story.record.messages[0] = replace(story.record.messages[0], text="other")


def of_nobody(story: Story) -> None:
    story.devices[2][PLACE].messages.append(Stands(6, "w6", "who said this?"))


BROKEN = [
    (not_in_the_record, "lost"), (not_on_a_device, "lost"), (elsewhere_than_answered, "lost"),
    (twice_in_the_record, "doubled"), (twice_on_a_device, "doubled"), (answered_differently, "doubled"),
    (another_order_on_a_device, "disordered"), (late_on_a_device, "disordered"), (own_order_turned, "disordered"),
    (overtaken, "disordered"), (hole_in_the_log, "gaps"), (a_number_twice, "gaps"), (beyond_the_head, "gaps"),
    (a_jump, "gaps"), (not_at_the_end, "gaps"), (never_answered, "unresolved"), (other_text, "invented"),
    (of_nobody, "invented"),
]  # fmt: skip


@pytest.mark.parametrize(("harm", "named"), BROKEN, ids=[harm.__name__ for harm, _ in BROKEN])
def test_a_broken_promise_is_named(harm: Callable[[Story], None], named: str) -> None:
    story = good()
    harm(story)
    findings = found(story)
    assert getattr(findings, named) >= 1
    assert not findings.clean
