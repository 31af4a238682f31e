"""One batch: order, savepoints, hot runs, receipts, followers, the log."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from intranet.kernel import Answer, Event, Person, Refused, Register, new_id
from intranet.kernel.tables import Job, Place, Receipt
from tests.kernel import ledger
from tests.kernel.conftest import Books
from tests.kernel.ledger import Enter, Jot, Mark


def jots(place: int, *texts: str) -> list[Jot]:
    return [Jot(id=new_id(), place=place, text=text) for text in texts]


def told(outcomes: Sequence[object]) -> list[object]:
    """What each was told, shortly."""
    return [
        outcome.extra.get("told", "repeat") if isinstance(outcome, Answer)
        else (outcome.status if isinstance(outcome, Refused) else type(outcome).__name__)
        for outcome in outcomes
    ]  # fmt: skip


async def log_of(books: Books, place: int) -> list[tuple[int, str, str]]:
    rows = await books.house.read(
        lambda conn: conn.execute(
            select(Event.seq, Event.kind, Event.subject).where(Event.place == place).order_by(Event.seq)
        ).all()
    )
    return [(row.seq, row.kind, row.subject) for row in rows]


async def head_of(books: Books, place: int) -> int:
    return int(
        await books.house.read(lambda conn: conn.execute(select(Place.head).where(Place.id == place)).scalar_one())
    )


async def count(books: Books, model: type) -> int:
    return len(await books.house.read(lambda conn: conn.execute(select(model)).all()))


async def test_a_hot_run_keeps_order_and_is_flushed_once(books: Books) -> None:
    writes = jots(books.first, *"abcde")
    outcomes = await books.together(*((books.ann, write) for write in writes))
    assert told(outcomes) == list("abcde")
    assert [outcome.seq for outcome in outcomes if isinstance(outcome, Answer)] == [2, 3, 4, 5, 6]
    assert await books.lines(books.first) == list("abcde")
    assert ledger.followed == [5], "followers heard of the whole run at once"
    assert await books.house.read(ledger.counted, books.first) == 5
    assert books.moved == {books.first}


async def test_a_refused_neighbour_leaves_no_trace_and_no_gap(books: Books) -> None:
    receipts = await count(books, Receipt)
    outcomes = await books.together(*((books.ann, one) for one in jots(books.first, "a", "refused", "bug", "b")))
    assert told(outcomes) == ["a", 403, "ValueError", "b"]
    assert await books.lines(books.first) == ["a", "b"]
    assert [seq for seq, *_ in await log_of(books, books.first)] == [1, 2, 3]
    assert await head_of(books, books.first) == 3
    assert await count(books, Receipt) == receipts + 2, "refusals leave no receipt"
    assert await books.house.read(ledger.counted, books.first) == 2


async def test_in_a_run_that_breaks_a_constraint_only_the_culprit_fails(books: Books) -> None:
    writes = [
        Jot(id=new_id(), place=books.first, text=text, word=word) for text, word in zip("abcd", "xyxz", strict=True)
    ]
    outcomes = await books.together(*((books.ann, write) for write in writes))
    assert told(outcomes) == ["a", "b", 409, "d"]
    assert await books.lines(books.first) == ["a", "b", "d"]
    assert await books.house.read(ledger.counted, books.first) == 3
    again = await books.together((books.ann, writes[2]))
    assert told(again) == [409], "it left no receipt"


@pytest.mark.parametrize("text", ["refused", "bug"])
async def test_a_verb_that_fails_late_takes_everything_back(books: Books, text: str) -> None:
    jobs = await count(books, Job)
    write = Enter(id=new_id(), place=books.first, text=text, also=[books.second])
    good = Enter(id=new_id(), place=books.first, text="good")
    outcomes = await books.together((books.ann, write), (books.bo, good))
    assert told(outcomes)[1] == "good"
    assert isinstance(outcomes[0], Exception)
    assert await books.lines(books.first) == ["good"]
    assert len(await log_of(books, books.second)) == 1
    assert await count(books, Job) == jobs + 1
    assert books.announced == [("job", "ledger.job"), ("entered", "good")]
    assert await books.house.read(lambda conn: conn.execute(select(Register.place)).scalars().all()) == [books.bo.id]


async def test_a_broken_constraint_between_others_is_undone_alone(books: Books) -> None:
    one, two, three = (Enter(id=new_id(), place=books.first, text=text, word="same") for text in "abc")
    three = Enter(id=new_id(), place=books.first, text="c", word="other")
    outcomes = await books.together((books.ann, one), (books.bo, two), (books.ann, three))
    assert told(outcomes) == ["a", 409, "c"]
    assert await books.lines(books.first) == ["a", "c"]


async def test_a_follower_that_refuses_undoes_the_verb(books: Books) -> None:
    outcomes = await books.together(
        (books.ann, Enter(id=new_id(), place=books.first, text="follower refuses")),
        (books.ann, Enter(id=new_id(), place=books.first, text="fine")),
    )
    assert told(outcomes) == [403, "fine"]
    assert await books.lines(books.first) == ["fine"]
    assert await books.house.read(ledger.counted, books.first) == 1


async def test_a_repeat_beside_what_its_follower_refused_is_refused_too(books: Books) -> None:
    write = Enter(id=new_id(), place=books.first, text="follower refuses")
    assert told(await books.together((books.ann, write), (books.ann, write))) == [403, 403]


async def test_what_the_database_cannot_hold_fails_alone(books: Books) -> None:
    unfit = jots(books.first, "a", "nothing\0ness", "b")
    outcomes = told(await books.together(*((books.ann, one) for one in unfit)))
    assert outcomes == (["a", "nothing\0ness", "b"] if books.house.db.is_sqlite else ["a", 422, "b"])


async def test_a_follower_that_refuses_one_of_a_hot_run_fails_that_one_alone(books: Books) -> None:
    outcomes = await books.together(*((books.ann, one) for one in jots(books.first, "a", "follower refuses", "b")))
    assert told(outcomes) == ["a", 403, "b"]
    assert await books.lines(books.first) == ["a", "b"]


async def test_events_of_other_places_come_last_and_in_order(books: Books) -> None:
    writes = [
        (books.ann, Enter(id=new_id(), place=books.first, text="a", also=[books.second, books.first])),
        (books.bo, Enter(id=new_id(), place=books.second, text="b", also=[books.first])),
    ]
    await books.together(*writes)
    kinds = ["ledger.opened", "ledger.jotted", "ledger.named", "ledger.named"]
    first, second = await log_of(books, books.first), await log_of(books, books.second)
    assert [kind for _, kind, _ in first] == kinds
    assert [subject for *_, subject in first][2:] == [f"in-{books.first}", f"in-{books.second}"]
    assert [kind for _, kind, _ in second] == kinds[:3]
    assert [seq for seq, *_ in first] == [1, 2, 3, 4]
    assert books.moved == {books.first, books.second, books.ann.id, books.bo.id}


async def test_an_event_for_a_place_that_is_gone_is_dropped(books: Books) -> None:
    outcomes = await books.together((books.ann, Enter(id=new_id(), place=books.first, text="a", also=[999_999])))
    assert told(outcomes) == ["a"]
    assert await books.house.read(lambda conn: conn.execute(select(Event).where(Event.place == 999_999)).all()) == []


async def test_a_register_keeps_one_row_per_key_with_its_latest_seq_and_no_time(books: Books) -> None:
    before = await head_of(books, books.ann.id)
    for key in ("read/1", "read/2", "read/1"):
        await books.together((books.ann, Mark(id=new_id(), key=key)))
    await books.together(*((books.ann, Mark(id=new_id(), key=key)) for key in ("a", "b", "a")))
    rows = await books.house.read(
        lambda conn: conn.execute(select(Register.key, Register.seq).where(Register.place == books.ann.id)).all()
    )
    assert {row.key: row.seq - before for row in rows} == {"read/2": 2, "read/1": 3, "b": 4, "a": 5}
    assert await head_of(books, books.ann.id) == before + 5
    assert [column.name for column in Register.__table__.columns] == ["place", "key", "seq"]


async def test_a_write_to_a_place_that_is_not_there_is_not_found(books: Books) -> None:
    outcomes = await books.together(*((books.ann, one) for one in (*jots(424_242, "a"), *jots(books.first, "b"))))
    assert told(outcomes) == [404, "b"]


async def test_nobody_gets_in_where_the_verb_does_not_say_so(books: Books) -> None:
    assert told(await books.together((Person(0, role="guest"), jots(books.first, "a")[0]))) == [401]


async def test_more_than_a_turn_is_done_in_several(books: Books) -> None:
    writes = jots(books.first, *(str(number) for number in range(600)))
    answers = [books.house.perform((books.ann, books.bo)[turn % 2], write) for turn, write in enumerate(writes)]
    seqs = [answer.seq for answer in await asyncio.gather(*answers)]
    assert sorted(seqs) == list(range(2, 602))
    assert seqs == sorted(seqs), "each got its turn in the order of coming"
    assert await books.lines(books.first) == [str(number) for number in range(600)]
