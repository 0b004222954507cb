"""What apps above this one add to the record and to its check: nothing of them is known here."""

from dataclasses import dataclass

from django.dispatch import Signal

# Asks what else belongs in the record of a closing: `consultation`, `closed_at`. Each receiver answers with AddedFiles,
# the same whenever it is asked.
files_of_the_record = Signal()
# Asks for a check of what else vouches for a record: `record`, and `files`, its added ones by their names. Each
# receiver answers with a sentence for each thing that was found right, or raises RecordDiffers
# (export/verification.py).
check_of_the_record = Signal()
# Asks for the links of a mail that another app wrote: `mail`. The receiver whose it is answers with MailLinks, or with
# None when nobody waits for it any more.
links_of_mail = Signal()
# Sent in the transaction that confirms the address of a `submission`.
address_confirmed = Signal()
# Sent in the transaction that erases what is known of a person: `mailboxes`, which nothing is to be kept of.
mailboxes_erased = Signal()
# Asks what else is held about a person: `mailboxes`. Each receiver answers with rows by the name of their table.
held_about_mailboxes = Signal()


@dataclass(frozen=True)
class MailLinks:
    """What stands in the place of a mail's mark, if it has one, and the address that ends such mails with one click."""

    link: str = ""
    stop: str = ""


@dataclass(frozen=True)
class AddedFile:
    """A file of the record, with what its README says of it."""

    name: str
    content: bytes
    meaning: str
