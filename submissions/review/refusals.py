"""Why a verb of the review is refused. The message says so to whoever pressed the button."""


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
