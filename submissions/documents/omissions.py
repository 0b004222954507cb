"""What a file holds and a text cannot show, in words for whoever handed it in."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.documents.blocks import Omission, Omitted

SENTENCES = {
    Omission.PICTURE: gettext_lazy("Pictures or drawings left out: %(n)d."),
    Omission.EQUATION: gettext_lazy("Equations read as plain letters, to be checked: %(n)d."),
    Omission.SYMBOL: gettext_lazy("Special signs that could not be read, with � in their place: %(n)d."),
    Omission.COMMENT: gettext_lazy("Comments in the margin left out: %(n)d."),
    Omission.HIDDEN: gettext_lazy("Hidden text was left out."),
    Omission.HEADER: gettext_lazy("The header and footer of the pages were left out."),
    Omission.CHANGE: gettext_lazy("The file has tracked changes. It was read as if all of them were accepted."),
    Omission.STRUCK: gettext_lazy("Text that is struck through is between ~~ and ~~."),
}


def sentence_of(omitted: Omitted) -> str:
    sentence = str(SENTENCES[omitted.what] % {"n": omitted.count})
    if not omitted.beside:
        return sentence
    return _("%(sentence)s First beside “%(words)s”.") % {"sentence": sentence, "words": omitted.beside}
