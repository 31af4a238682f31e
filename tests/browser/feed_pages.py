"""Posts of every kind for the tests of access, and where they are shown."""

from typing import Any

from intranet.kernel import new_id

from .town import Actor

PAGES = {
    "/feed": ["/feed", "/feed?show=me", "/feed?kind=poll"], "/feed/new": ["/feed/new?kind=feedback"],
    "/feed/drafts": ["/feed/drafts"], "/feed/writers": ["/feed/writers"], "/feed/saved": ["/feed/saved"],
    "/feed/waiting": ["/feed/waiting"], "/feed/settings": ["/feed/settings"],
    "/posts/{post:int}": ["/posts/{news}", "/posts/{feedback}", "/posts/{question}?reply={comment}", "/posts/{taken}"],
    "/posts/{post:int}/earlier": ["/posts/{news}/earlier"], "/posts/{post:int}/edit": ["/posts/{news}/edit"],
    "/posts/{post:int}/acks": ["/posts/{news}/acks"], "/posts/{post:int}/states": ["/posts/{feedback}/states"],
    "/comments/{comment:int}": ["/comments/{comment}"],
    "/comments/{comment:int}/earlier": ["/comments/{comment}/earlier"],
}  # fmt: skip
NO_PAGES = {  # data and parts of these pages
    "/part/feed", "/posts/{post:int}/card", "/part/posts/{post:int}/comments", "/posts/{post:int}/reactions",
    "/comments/{comment:int}/source", "/comments/{comment:int}/reactions", "/audience/reach",
    "/audience/people.json", "/posts/{post:int}/people.json",
}  # fmt: skip


def made(olga: Actor, jana: Actor, customer: int) -> dict[str, object]:
    """News that ask for acknowledgement, feedback with a state, a question with its answer, praise, a draft."""

    def publish(who: Actor, kind: str, title: str, **more: Any) -> int:
        return int(who.do("feed.publish", kind=kind, title=title, **more)["post"])

    english = {"lang": "en", "title": "Hall 4 runs", "text": "From Monday on."}
    news = publish(olga, "news", "Halle 4 läuft", text="Ab **Montag**.", versions=[english], ack=True, pin_ack=True)
    olga.do("feed.edit", post=news, base=1, title="Halle 4 läuft schon", text="Ab **Dienstag**, @Jana.")
    jana.do("feed.acknowledge", post=news)
    jana.do("feed.save", post=news)
    feedback = publish(jana, "feedback", "Wasser unter der Pumpe", customer=customer, urgency=2)
    olga.do("feed.state", post=feedback, state="planned", reason="Neue Wanne", owner=jana.id)
    publish(jana, "idea", "Ersatzteil per Foto")
    publish(olga, "praise", "Stark gemacht", people=[jana.id])
    question = publish(jana, "question", "Wer weiß es?", text="`Q-40` im Winter?")
    comment = olga.do("feed.comment", post=question, text="Bis **-10 Grad**")["comment"]
    olga.do("feed.comment_edit", comment=comment, text="Bis **-15 Grad**")
    jana.do("feed.comment", post=question, text="Danke", reply_to=comment)
    jana.do("feed.react", comment=comment)
    olga.do("feed.react", post=question, emoji="👏")
    jana.do("feed.answer", post=question, comment=comment)
    gone = jana.do("feed.comment", post=question, text="Ach nein")["comment"]
    jana.do("feed.comment_remove", comment=gone)
    taken = publish(olga, "idea", "Doch nicht")
    olga.do("feed.remove", post=taken)
    olga.do("feed.save", post=question)
    olga.do("feed.draft", draft=new_id(), kind="idea", title="Angefangen", text="")
    return {"news": news, "feedback": feedback, "question": question, "comment": comment, "taken": taken}
