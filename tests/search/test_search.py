"""What is found, by whom, and how it looks."""

from intranet.channels.writes import Add, Remove
from intranet.chat import writes as w
from intranet.kernel import House, new_id
from intranet.polls.writes import Open
from tests import cast
from tests.search.conftest import Searcher, hits


async def test_words_in_three_languages(home: House, searcher: Searcher) -> None:
    jana = await cast.person(home, "Jana Reuter")
    place = await cast.channel(home, jana, "Service Süd")
    said: dict[str, str] = {}

    async def say(text: str) -> None:
        seq = (await cast.say(home, jana, place, text)).seq
        said[text] = f"/c/{place}?at={seq}#m-{place}-{seq}"

    for text in (
        "Die Dichtungen der Q-40 sind da", "Twee huizen, drie brieven", "She was repairing the valves",
        "Herr Müller kommt", "Familie Mueller auch", "Die Straße nach Bötzingen", "Gleitringdichtung bestellt",
        "geht morgen raus, sagt das Lager", "raus geht es morgen nicht", "Neue Steuer & <b>Quelle</b>",
    ):  # fmt: skip
        await say(text)

    async def found(text: str) -> set[str]:
        where = hits(await searcher.asks(jana, text))
        return {text for text, address in said.items() if address in where}

    assert await found("dichtung") == {"Die Dichtungen der Q-40 sind da"}
    assert await found("q40") == await found("Q-40") == await found("q 40") == {"Die Dichtungen der Q-40 sind da"}
    assert await found("huis brief") == {"Twee huizen, drie brieven"}
    assert await found("repair valve ") == {"She was repairing the valves"}
    both = {"Herr Müller kommt", "Familie Mueller auch"}
    assert await found("Müller") == await found("mueller") == await found("MULLER") == both
    assert await found("strasse boetzingen") == {"Die Straße nach Bötzingen"}
    assert await found("gleitr") == {"Gleitringdichtung bestellt"}
    assert await found('"gleitr"') == set()  # in quotes: exactly so
    assert len(await found("geht morgen")) == 2
    assert await found("„geht morgen“") == await found('"geht morgen"') == {"geht morgen raus, sagt das Lager"}
    assert await found("steuer quelle") == {"Neue Steuer & <b>Quelle</b>"}
    assert await found("dichtung huis") == set()
    assert "<mark>Dichtungen</mark> der <mark>Q-40</mark> sind da" in await searcher.asks(jana, "dichtung q-40")
    page = await searcher.asks(jana, "steuer quel")
    assert (
        "Neue <mark>Steuer</mark> &amp; &lt;b&gt;<mark>Quelle</mark>&lt;/b&gt;" in page or "<mark>Quelle</mark>" in page
    )
    await home.perform(jana, Open(id=new_id(), place=place, question="Grillfest oder Kegeln", options=["a", "b"]))
    assert "<mark>Kegeln</mark>" in await searcher.asks(jana, "kegeln")  # a poll is found by its question
    for odd in ("* OR NOT", "a\0b", "(", "'", '"', "§1", "NEAR(a b)", "-", "x" * 300, "words:a", "🚀"):
        await searcher.asks(jana, odd)


async def test_only_what_may_be_read(home: House, searcher: Searcher) -> None:
    jana, mehmet, olga = [await cast.person(home, name) for name in ("Jana Reuter", "Mehmet Aydin", "Olga Petrova")]
    gert = await cast.person(home, "Gert Gast", role="guest")
    admin = await cast.person(home, "Ada Admin", role="administrator")
    late = await cast.channel(home, jana, "Späte", kind="private", history="joining", members=[mehmet])
    everyone = (jana, mehmet, olga, gert, admin)

    async def finders(word: str) -> set[str]:
        return {who.name for who in everyone if hits(await searcher.asks(who, word))}

    await cast.say(home, jana, late, "Altwort von früher")
    await home.perform(jana, Add(id=new_id(), place=late, people=[olga.id]))
    await cast.say(home, jana, late, "Neuwort von jetzt")
    assert await finders("Altwort") == {jana.name, mehmet.name}
    assert await finders("Neuwort") == {jana.name, mehmet.name, olga.name}
    pair = await cast.direct(home, jana, gert)
    await cast.say(home, jana, pair, "Zweierwort")
    assert await finders("Zweierwort") == {jana.name, gert.name}
    said = await cast.say(home, mehmet, late, "Irrwort und Bleibwort")
    await home.perform(mehmet, w.Edit(id=new_id(), place=late, message=said.seq, text="Bleibwort"))
    assert await finders("Irrwort") == set()
    assert await finders("Bleibwort") == {jana.name, mehmet.name, olga.name}
    await home.perform(mehmet, w.Delete(id=new_id(), place=late, message=said.seq))
    assert await finders("Bleibwort") == set()
    await home.perform(jana, Remove(id=new_id(), place=late, person=mehmet.id))
    assert await finders("Altwort") == {jana.name}
    public = await cast.channel(home, jana, "Offen")
    await cast.say(home, jana, public, "Offenwort")
    assert await finders("Offenwort") == {jana.name}  # content before joining is nobody's
    assert await finders("Aydin") == {jana.name, mehmet.name, olga.name, admin.name}
    assert await finders("Reuter") == {one.name for one in everyone}  # the guest shares a channel with her
