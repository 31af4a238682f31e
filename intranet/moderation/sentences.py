"""What this room says when it says no."""

from intranet.kernel import _

SENTENCES = {
    "reason-missing": _("A few words why are needed."),
    "reason-long": _("That is too long: {most} characters at most."),
    "report-own": _("What is one’s own can be taken back without a report."),
    "report-twice": _("It is reported already. Somebody will look at it."),
    "report-many": _("{most} reports wait already. Somebody will look at them first."),
    "decide-own": _("Somebody else decides about what is one’s own."),
    "thing-gone": _("It is not there any more. The report can be closed."),
}
