from intranet.kernel import House
from tests import cast


async def test_two_people_chat(home: House) -> None:
    jana = await cast.person(home, "Jana Reuter", side="field")
    silke = await cast.person(home, "Silke Brandt")
    place = await cast.channel(home, jana, "Service Süd", members=[silke])
    first = await cast.say(home, jana, place, "Guten Morgen")
    second = await cast.say(home, silke, place, "Moin @Jana Reuter")
    assert second.seq == first.seq + 1
