"""Why a verb of the review is refused. The message says so to whoever pressed the button."""


class PassageNotFound(ValueError):
    """The passage does not stand in what was written."""


class MissingInput(ValueError):
    """A reason, a passage or a tag was not given."""
