"""What other apps may add to: nothing below themes/ is known here."""

from django.dispatch import Signal

# Sent in the transaction that makes a consultation from an earlier one: `previous`, `new`.
round_copied = Signal()
# Asks what is still to come of a `consultation` once it has closed. Each receiver answers with a list of Checks.
steps_after_closing = Signal()
# Asks what there is to read about a public `consultation` beside its own page, for that page. Each receiver answers
# with pairs of words and address.
more_to_read = Signal()
