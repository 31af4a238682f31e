"""Words of files, where no template writes them."""

from intranet.kernel import _

COLUMNS = {
    "answer": _("Answer"),
    "votes": _("Votes"),
    "maybe": _("If need be"),
    "all": _("Votes in all"),
    "round": _("Round"),
    "name": _("Name"),
    "code": _("Code"),
    "sentences": _("Sentences, shuffled"),
}
ANSWERS = {"yes": _("yes"), "maybe": _("if need be")}
