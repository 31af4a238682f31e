"""The verbs of this room, by what people do."""

from intranet.kernel import Answer, Verb
from intranet.people import writes

from . import entering


def _goto(answer: Answer) -> str:
    return str(answer.extra.get("goto", "/"))


VERBS = [
    Verb(writes.OpenSetUp, entering.open_set_up, receipt=False, internal=True),
    Verb(writes.Make, entering.make, internal=True),
    Verb(
        writes.SetUp, entering.set_up, load=entering.load_set_up, prepare=entering.hash_new, nobody=True,
        goto=lambda _: "/welcome",
    ),
    Verb(
        writes.SignIn, entering.sign_in, load=entering.load_sign_in, prepare=entering.check_password, receipt=False,
        nobody=True, goto=_goto,
    ),
    Verb(writes.SignOut, entering.sign_out, receipt=False, nobody=True, goto=lambda _: "/sign-in"),
    Verb(
        writes.Accept, entering.accept, load=entering.load_accept, prepare=entering.hash_new, nobody=True,
        goto=lambda _: "/welcome",
    ),
]  # fmt: skip
