"""What this room says when it says no."""

from intranet.kernel import _

SENTENCES = {
    "customer-unknown": _("There is no such customer. Choose one from the list, or write its number."),
    "product-unknown": _("There is no such product. Choose one from the list, or write its number."),
    "number-missing": _("The number is still missing."),
    "number-long": _("The number is too long: {most} characters at most."),
    "number-taken": _("This number is taken already."),
    "product-taken": _("There is a product of this name and number already."),
    "segment-long": _("The segment is too long: {most} characters at most."),
    "field-unknown": _("There is nobody of that name or e-mail address here."),
    "field-many": _("Several people have that name. Write the e-mail address."),
    "office-unknown": _("There is nobody of that name or e-mail address here."),
    "office-many": _("Several people have that name. Write the e-mail address."),
    "customers-columns": _("The first line must name the columns, at least number and name."),
    "products-columns": _("The first line must name the columns, at least name."),
    "number-twice": _("This number stands in the list twice."),
    "product-twice": _("This product stands in the list twice."),
    "product-many": _("Several products have that name. The number tells which one."),
    "archived-line": _("This is archived."),
}
