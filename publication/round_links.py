"""What a round's own pages say of its publication: they know nothing of it, and ask by signals (themes/signals.py)."""

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from publication.models import Publication, Report
from publication.pages.round import publications_of
from themes import rounds
from themes.models import Consultation
from themes.publication import Check
from themes.signals import more_to_read, steps_after_closing


@receiver(more_to_read, dispatch_uid="publication.more_to_read")
def pages_of(sender: Any, consultation: Consultation, **kwargs: Any) -> list[tuple[str, str]]:
    """The published contributions, once there are any; before that, how to be told of them."""
    if not any(one.is_public for one in publications_of(consultation.pk, rounds.version())):
        news = reverse("publication:news", args=[consultation.slug])
        return [(_("Get an e-mail when contributions are published"), news)]
    return [
        (_("Read the published contributions"), reverse("publication:contributions", args=[consultation.slug])),
        (_("Who was heard"), reverse("publication:heard", args=[consultation.slug])),
    ]


@receiver(steps_after_closing, dispatch_uid="publication.steps")
def steps(sender: Any, consultation: Consultation, **kwargs: Any) -> list[Check]:
    waiting = Report.objects.filter(published__consultation=consultation, answered_at=None).count()
    is_published = Publication.objects.filter(consultation=consultation, published_at__isnull=False).exists()
    return [
        Check(_("Contributions are published."), is_published, is_wanted=False),
        *([Check(_("What readers report is answered."), False)] if waiting else []),
    ]
