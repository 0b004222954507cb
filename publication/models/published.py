"""What the public reads: each text as it was drawn, with its bars, under an id of its own.

A copy and no view of the submissions, so that a page costs what it shows, and so that a search finds no word behind a
bar. Triggers take a copy off the pages in the transaction that holds it back (migrations/sql/published.sql); the worker
draws it anew.
"""

import secrets

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from publication.models.act import Publication
from submissions.models import Contribution
from themes.models import Consultation, Theme

ID_CHARACTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: none is mistaken for another
ID_LENGTH = 12  # of 32 characters each: 60 random bits


def new_public_id() -> str:
    """Random, so that it tells neither an order nor a neighbour."""
    return "".join(secrets.choice(ID_CHARACTERS) for _place in range(ID_LENGTH))


class PublishedText(models.Model):
    """One contribution as the public reads it. Of one without a name there is nothing here that says whose it is but
    `contribution` and `reference`, which no page, file or address shows."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="texts")
    contribution = models.OneToOneField(Contribution, models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="+", db_index=False)
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="+", db_index=False)
    theme_number = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=14)

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_public_id)
    # The id of the submission that it stands in with others; of a text without a name empty.
    sender_id = models.CharField(max_length=ID_LENGTH, blank=True, db_index=True)
    is_named = models.BooleanField()
    name = models.CharField(max_length=250, blank=True)
    stakeholder_group = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=3, blank=True)
    language = models.CharField(max_length=8)
    is_late = models.BooleanField(default=False)

    text = models.TextField(blank=True)
    # Empty where a bar stands: the count would tell how long it is.
    words = models.PositiveIntegerField(null=True)
    # Of the area, the text and the wording: those that say the same to the character share it.
    digest = models.BinaryField(default=b"")
    # Of those that say the same one stands in the lists, and says how many senders they have.
    is_lead = models.BooleanField(default=True)
    sender_count = models.PositiveIntegerField(default=1)
    # Those that say nearly the same share it (submissions.Fingerprint), unless a bar stands in one; else empty.
    campaign = models.BigIntegerField(null=True)
    # Of these one stands in the list that nothing is searched in, with how many senders they have together.
    is_campaign_lead = models.BooleanField(default=True, db_default=True)
    campaign_senders = models.IntegerField(default=1, db_default=1)

    is_shown = models.BooleanField(default=False)
    is_due = models.BooleanField(default=True)
    removed_at = models.DateTimeField(null=True)
    # When the public first read it otherwise than before; of a text without a name never, since it would tie two.
    changed_at = models.DateTimeField(null=True)
    search_words = SearchVectorField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["theme_number", "-is_named", "name", "public_id"]
        indexes = [
            # In the lists' order, with all that their filters ask: a page reads no row that it does not show.
            models.Index(
                fields=["consultation", "theme_number", "-is_named", "name", "public_id"],
                include=["id", "is_lead", "is_campaign_lead", "stakeholder_group", "country", "language"],
                name="published_listed",
                condition=Q(is_shown=True),
            ),
            models.Index(fields=["reference", "theme"], name="published_by_reference"),
            models.Index(fields=["digest"], name="published_by_digest", condition=Q(is_shown=True)),
            models.Index(
                fields=["campaign"], name="published_by_campaign", condition=Q(is_shown=True, campaign__isnull=False)
            ),
            models.Index(fields=["publication"], name="published_is_due", condition=Q(is_due=True)),
            models.Index(
                fields=["id"], name="published_awaits_words", condition=Q(is_shown=True, search_words__isnull=True)
            ),
            GinIndex(fields=["search_words"], name="published_words", condition=Q(is_shown=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="published_without_a_name_says_no_sender",
                condition=Q(is_named=True) | Q(sender_id="", name="", stakeholder_group="", country="", is_late=False),
                violation_error_message="A text without a name says nothing of its sender.",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class PublishedProposal(models.Model):
    """A row of proposed wording of a published text, for the page of the document's paragraphs."""

    published = models.ForeignKey(PublishedText, models.CASCADE, related_name="proposals")
    position = models.PositiveSmallIntegerField()
    paragraph = models.TextField(blank=True)
    # The paragraph's number, where what was given begins with one.
    number = models.PositiveIntegerField(null=True)
    wording = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["published", "position"]
        indexes = [models.Index(fields=["number"], name="published_by_paragraph")]

    def __str__(self) -> str:
        return self.paragraph
