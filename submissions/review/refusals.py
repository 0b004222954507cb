"""Why a verb of the review is refused. The message says so to whoever pressed the button."""

from django.utils.translation import gettext_lazy

TAG_IS_GONE = gettext_lazy("A tag that was chosen here was merged or removed meanwhile. Look at the tags again.")


class PassageNotFound(ValueError):
    """The passage does not stand in what was written."""


class MissingInput(ValueError):
    """A reason, a passage or a tag was not given.

    Attributes:
        field: of the form, where there are several reasons.
    """

    def __init__(self, message: str, field: str = "reason") -> None:
        super().__init__(message)
        self.field = field
