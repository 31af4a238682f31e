"""Posts in the search: for whom they are, and for nobody once they are gone."""

from intranet.audiences import Line
from intranet.feed import comments, moderated, moderated_comments
from intranet.feed import writes as w
from intranet.kernel import House, new_id
from intranet.search import rebuild
from tests.feed.conftest import FIELD, make_town
from tests.search.conftest import Searcher, hits
from tests.search.test_index import rows


async def test_posts_are_found_by_who_reads_them(home: House, searcher: Searcher) -> None:
    town = await make_town(home)
    house, jana, silke, carola = home, town.jana, town.silke, town.carola

    async def finders(word: str) -> list[str]:
        """First names of those who find exactly one thing by this word, if anybody finds any."""
        found = {who.name.split()[0]: hits(await searcher.asks(who, word)) for who in town.all}
        assert all(len(some) <= 1 for some in found.values())
        return [name for name, some in found.items() if some]

    to_all = await town.publish(jana, "Druckprüfung", text="Die **Gleitringdichtungen** erst entlüften")
    assert await finders("gleitringdichtung") == await finders("druckpruf") == ["Carola", "Jana", "Mehmet", "Silke"]
    page = await searcher.asks(silke, "druckprüfung entlüften")
    assert f'href="/posts/{to_all}"' in page
    assert "<h3><mark>Druckprüfung</mark></h3>" in page
    assert "Die Gleitringdichtungen erst <mark>entlüften</mark>" in page
    assert "Jana Reuter für Alle" in page
    assert hits(await searcher.asks(silke, "druckprüfung", kind="chat")) == []

    # an audience, its author and who writes with them; another audience; the author who is in neither
    post = await town.publish(silke, "Feldwort", text="Nur für draußen", lines=[FIELD], authors=[carola.id])
    assert await finders("Feldwort") == ["Carola", "Jana", "Mehmet", "Silke"]
    await house.perform(silke, w.Edit(id=new_id(), post=post, base=1, title="Anderes", text="Anderswort"))
    assert await finders("Feldwort") == []
    await house.perform(silke, w.Edit(id=new_id(), post=post, base=2, title="Anderes", text="Anderswort", authors=[]))
    assert await finders("Anderswort") == ["Jana", "Mehmet", "Silke"]
    await house.perform(silke, w.Move(id=new_id(), post=post, lines=[Line()]))
    assert await finders("Anderswort") == ["Carola", "Jana", "Mehmet", "Silke"]
    await house.perform(silke, w.Move(id=new_id(), post=post, lines=[FIELD]))
    assert await finders("Anderswort") == ["Jana", "Mehmet", "Silke"]

    # hidden, shown again, taken back; a draft is nobody's
    await town.moderate(lambda tx: moderated.hide(tx, post, "Grund", carola.id))
    assert await finders("Anderswort") == ["Silke"]
    await town.moderate(lambda tx: moderated.restore(tx, post, carola.id))
    assert await finders("Anderswort") == ["Jana", "Mehmet", "Silke"]
    live = await house.read(rows)
    await rebuild(house, anew=True)
    assert sorted(await house.read(rows)) == sorted(live)
    await house.perform(silke, w.Remove(id=new_id(), post=post))
    assert await finders("Anderswort") == await finders("draußen") == []
    await house.perform(jana, w.SaveDraft(id=new_id(), draft=new_id(), kind="idea", title="Entwurfswort"))
    assert await finders("Entwurfswort") == []


async def test_each_reads_the_language_in_which_it_fits(home: House, searcher: Searcher) -> None:
    town = await make_town(home)
    dutch = w.Version("nl", "Nieuwe pomp", "De **huizen** zijn klaar")
    await town.publish(town.carola, "Neue Pumpe", kind="news", text="Die Häuser sind fertig", versions=[dutch])
    page = await searcher.asks(town.jana, "haus")
    assert "Die <mark>Häuser</mark> sind fertig" in page
    page = await searcher.asks(town.jana, "huis pomp")
    assert "De <mark>huizen</mark> zijn klaar" in page
    assert "<h3>Nieuwe <mark>pomp</mark></h3>" in page
    assert hits(await searcher.asks(town.jana, "„Häuser sind“"))
    assert not hits(await searcher.asks(town.jana, "„sind Häuser“"))


async def test_comments_are_found_by_who_reads_their_post(home: House, searcher: Searcher) -> None:
    town = await make_town(home)
    jana, silke, carola = town.jana, town.silke, town.carola

    async def finders(word: str) -> list[str]:
        return [who.name.split()[0] for who in town.all if hits(await searcher.asks(who, word))]

    post = await town.publish(silke, "Deckel", text="Welcher passt?", lines=[FIELD])
    said = await home.perform(jana, comments.Say(id=new_id(), post=post, text="Der mit **Irrwort** und Antwortwort"))
    comment = int(said.extra["comment"])
    assert await finders("antwortwort") == ["Jana", "Mehmet", "Silke"]
    page = await searcher.asks(silke, "antwortwort")
    assert hits(page) == [f"/posts/{post}?comment={comment}#comment-{comment}"]
    assert "Jana Reuter zu „Deckel“" in page
    await home.perform(jana, comments.Edit(id=new_id(), comment=comment, text="Der mit Antwortwort"))
    assert await finders("irrwort") == []
    await home.perform(silke, w.Move(id=new_id(), post=post, lines=[Line()]))
    assert await finders("antwortwort") == ["Carola", "Jana", "Mehmet", "Silke"]
    await home.perform(silke, w.Move(id=new_id(), post=post, lines=[FIELD]))
    assert await finders("antwortwort") == ["Jana", "Mehmet", "Silke"]
    await town.moderate(lambda tx: moderated_comments.hide(tx, comment, "Grund", carola.id))
    assert await finders("antwortwort") == []
    await town.moderate(lambda tx: moderated_comments.restore(tx, comment, carola.id))
    assert await finders("antwortwort") == ["Jana", "Mehmet", "Silke"]
    await town.moderate(lambda tx: moderated.hide(tx, post, "Grund", carola.id))
    assert await finders("antwortwort") == ["Silke"]
    await town.moderate(lambda tx: moderated.restore(tx, post, carola.id))
    live = await home.read(rows)
    await rebuild(home, anew=True)
    assert sorted(await home.read(rows)) == sorted(live)
    await home.perform(jana, comments.Remove(id=new_id(), comment=comment))
    assert await finders("antwortwort") == []
    assert len(live) == 2
