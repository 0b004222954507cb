"""What a search looks in (submissions/search/). The worker fills it: until then `words` is null.

Triggers of the database (migrations/sql/search_words.sql) put every text and every sender here in the transaction that
stores it, and forget the words of what is erased or corrected.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q


class ContributionWords(models.Model):
    """The words of a contribution and of the wording it proposes, and their stems."""

    contribution = models.OneToOneField(
        "submissions.Contribution", models.CASCADE, primary_key=True, related_name="search_words"
    )
    submission = models.ForeignKey("submissions.Submission", models.CASCADE, related_name="+")
    words = SearchVectorField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            GinIndex(fields=["words"], name="contribution_words"),
            models.Index(fields=["contribution"], name="contribution_awaits_words", condition=Q(words__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.contribution_id)


class SubmissionWords(models.Model):
    """The words of who sent a submission. Contacts stand apart: not everybody may search whom to write to."""

    submission = models.OneToOneField(
        "submissions.Submission", models.CASCADE, primary_key=True, related_name="search_words"
    )
    words = SearchVectorField(null=True)  # of the organisation and the reference
    contact_words = SearchVectorField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            GinIndex(fields=["words"], name="submission_words"),
            GinIndex(fields=["contact_words"], name="submission_contact_words"),
            models.Index(fields=["submission"], name="submission_awaits_words", condition=Q(words__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.submission_id)
