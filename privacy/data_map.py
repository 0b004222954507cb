"""The data map: every kind of personal data, what for, on which ground, where, how long, and who sees it.

The privacy notice is drawn from it in every language, docs/privacy.md is written from it (`manage.py data_map`), and a
test asks of every table in the database which kind it belongs to, or why it holds nothing personal.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from privacy.models import Retention
from privacy.retention import periods

Kind = Retention.Kind


@dataclass(frozen=True)
class Entry:
    what: Promise
    why: Promise
    ground: Promise
    kept: Callable[[], str]
    seen_by: Promise
    where: tuple[str, ...]
    """Models, as app.Model; a name in <…> is a place outside the database."""
    is_about_staff: bool = False


def _days(kind: Retention.Kind) -> int:
    return periods()[kind].days


def _after_deadline(kind: Retention.Kind) -> Callable[[], str]:
    def words() -> str:
        n = _days(kind)
        return ngettext("%(n)d day after the deadline", "%(n)d days after the deadline", n) % {"n": n}

    return words


def _for_days(kind: Retention.Kind) -> Callable[[], str]:
    def words() -> str:
        n = _days(kind)
        return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}

    return words


# After the UN's Personal Data Protection and Privacy Principles: the mandate is the "specified purpose" of principle 2.
MANDATE = gettext_lazy("The mandate to consult (GDPR: a task in the public interest)")
CONSENT = gettext_lazy("Your consent, which you can withdraw")
SAFETY = gettext_lazy("The safety of the service (GDPR: a legitimate interest)")

DATA_MAP = (
    Entry(
        gettext_lazy("Your draft: what you write before you send it, and an address for reminders if you leave one"),
        gettext_lazy("So that nothing you typed is lost"),
        CONSENT,
        _after_deadline(Kind.DRAFTS),
        gettext_lazy("You, and whoever has your private link"),
        (
            *("submissions.Draft", "submissions.DraftContribution", "submissions.DraftProposal"),
            *("submissions.Reminder", "submissions.LateAttempt"),
        ),
    ),
    Entry(
        gettext_lazy("Your submission: texts, organisation, group, country, language"),
        gettext_lazy("The record of the consultation, from which the next text is drafted"),
        MANDATE,
        lambda: _("For good, as the record of the consultation"),
        gettext_lazy("The secretariat and the co-facilitators; the public as far as you allow"),
        (
            *("submissions.Submission", "submissions.Contribution", "submissions.Proposal", "submissions.Withdrawal"),
            *("submissions.Admission", "submissions.AdmissionEvent", "submissions.Record", "<EXPORTS_DIR>/records"),
            *("submissions.Fingerprint", "submissions.Erasure", "submissions.FormerRecord"),
            *("submissions.ContributionWords", "submissions.SubmissionWords", "submissions.Commitment"),
        ),
    ),
    Entry(
        gettext_lazy("Your name and e-mail address"),
        gettext_lazy("Your receipt, and questions about your submission"),
        MANDATE,
        _after_deadline(Kind.CONTACTS),
        gettext_lazy("Those of the secretariat who may; each time is logged"),
        (
            *("submissions.Submission", "submissions.LateAccess", "submissions.LateAccessEvent"),
            *("submissions.EmailConfirmation", "submissions.SubmissionWords"),
        ),
    ),
    Entry(
        gettext_lazy("E-mails to you"),
        gettext_lazy("To deliver them, and to know which did not arrive"),
        MANDATE,
        _for_days(Kind.MAILS),
        gettext_lazy("Those of the secretariat who may; each time is logged"),
        ("submissions.Mail", "<LOCAL_DIR>/mail"),
    ),
    Entry(
        gettext_lazy("What you write in answer to our e-mails"),
        gettext_lazy("So that the secretariat can answer you"),
        MANDATE,
        lambda: _("As long as the secretariat keeps its e-mail; nothing of it is stored here"),
        gettext_lazy("The secretariat"),
        ("<MAILBOX_URL>",),
    ),
    Entry(
        gettext_lazy("What the secretariat notes about a submission: its review, notes, marked passages, decisions"),
        gettext_lazy("To read what was sent, and to decide what is published"),
        MANDATE,
        lambda: _("For good, as the record of the consultation"),
        gettext_lazy("The secretariat"),
        (
            *("submissions.Review", "submissions.Review_tags", "submissions.Note", "submissions.Highlight"),
            *("submissions.CodingSample", "submissions.SampledSubmission", "submissions.CodingDecision"),
            *("submissions.BulkChange", "submissions.FormerReview", "submissions.Presence"),
            "submissions.AssignmentNotice",
            *("submissions.Redaction", "submissions.PublicationDecision", "submissions.Flag"),
        ),
    ),
    Entry(
        gettext_lazy("An entry in the register for what you send: a salted sum, without your name or your words"),
        gettext_lazy("So that you and anybody can check that the record was not changed"),
        MANDATE,
        lambda: _("For good: nothing is ever taken out of it, and it says nothing about you"),
        gettext_lazy("Everybody"),
        (
            *("publication.RegisterLog", "publication.RegisterEntry"),
            *("publication.RegisterTile", "publication.RegisterCheckpoint", "publication.RegisterStamp"),
        ),
    ),
    Entry(
        gettext_lazy("Your published texts, and your name with those that you allow to bear it"),
        gettext_lazy("So that everybody can read what was said to the consultation"),
        CONSENT,
        lambda: _("Until you ask the secretariat to take them off, or it takes them off itself"),
        gettext_lazy("Everybody"),
        (
            *("publication.PublishedText", "publication.PublishedProposal"),
            *("publication.PublicArchive", "<EXPORTS_DIR>/public"),
        ),
    ),
    Entry(
        gettext_lazy("Your address, if you ask to be told when contributions are published"),
        gettext_lazy("To mail you that"),
        CONSENT,
        lambda: (
            _("Until you end it, %(n)d days at the most; without your confirmation, two days")
            % {"n": settings.CONTACTS_KEPT.days}
        ),
        gettext_lazy("Those of the secretariat who may; each time is logged"),
        ("publication.Follower",),
    ),
    Entry(
        gettext_lazy("What you report of a published text, and your address if you want an answer"),
        gettext_lazy("So that what should not be public is taken off"),
        MANDATE,
        lambda: _("A year after it was answered; your address a year"),
        gettext_lazy("The secretariat; the address those who may see contacts"),
        ("publication.Report",),
    ),
    Entry(
        gettext_lazy("Files of exports"),
        gettext_lazy("For drafters, who work from them"),
        MANDATE,
        _for_days(Kind.EXPORTS),
        gettext_lazy("Those of the secretariat who may; each time is logged"),
        ("submissions.Export", "<EXPORTS_DIR>", "<SCRATCH_DIR>"),
    ),
    Entry(
        gettext_lazy("A code in the place of your network’s address, and how often it saved and sent"),
        gettext_lazy("Against floods of made-up submissions"),
        SAFETY,
        lambda: _("Some hours"),
        gettext_lazy("Nobody"),
        ("<REDIS_URL>",),
    ),
    Entry(
        gettext_lazy("What you ask about your data, and how it was answered"),
        gettext_lazy("To answer it, and to show that it was answered"),
        gettext_lazy("Your rights (GDPR: a legal obligation)"),
        lambda: _("For good, as the record of the consultation"),
        gettext_lazy("Those of the secretariat who may; each time is logged"),
        ("privacy.PersonalDataRequest", "privacy.PersonalDataRequestEvent"),
    ),
    Entry(
        gettext_lazy("Accounts of the secretariat: names, passwords as hashes, second factors under a key"),
        gettext_lazy("To let in those who may"),
        MANDATE,
        lambda: _("As long as they work there"),
        gettext_lazy("Administrators"),
        (
            *("auth.User", "auth.User_groups", "auth.User_user_permissions", "accounts.Invitation"),
            "accounts.OrganisationIdentity",
            *(
                "accounts.AuthenticatorApp",
                "accounts.RecoveryCodes",
                "accounts.RecoveryCode",
                "accounts.WorkspaceSession",
            ),
            *("submissions.SavedFilter", "django_otp_webauthn.WebAuthnCredential"),
            *("django_otp_webauthn.WebAuthnAttestation", "django_otp_webauthn.WebAuthnUserHandle"),
        ),
        is_about_staff=True,
    ),
    Entry(
        gettext_lazy("Which colleague changed what"),
        gettext_lazy("So that nobody can change something unseen"),
        SAFETY,
        _for_days(Kind.TRAIL),
        gettext_lazy("Those of the secretariat who may; each time is logged"),
        ("<every table of the trail>", "submissions.TrailLink", "pghistory.Context", "admin.LogEntry"),
        is_about_staff=True,
    ),
    Entry(
        gettext_lazy("Which colleagues published what, and took it back"),
        gettext_lazy("So that nothing is published by one person alone"),
        MANDATE,
        lambda: _("For good, as the record of the consultation"),
        gettext_lazy("The secretariat"),
        ("publication.Publication",),
        is_about_staff=True,
    ),
    Entry(
        gettext_lazy("Which colleague was shown names and addresses"),
        gettext_lazy("So that nobody looks at them for nothing"),
        SAFETY,
        _for_days(Kind.CONTACT_VIEWS),
        gettext_lazy("Those of the secretariat who may; each time is logged"),
        ("submissions.ContactView",),
        is_about_staff=True,
    ),
    Entry(
        gettext_lazy("Who signed in to the workspace, and who failed to"),
        gettext_lazy("To notice an attack"),
        SAFETY,
        _for_days(Kind.SECURITY_LOG),
        gettext_lazy("Administrators"),
        ("accounts.SecurityEvent",),
        is_about_staff=True,
    ),
)

# Why a table is in no entry above.
NOTHING_PERSONAL = {
    "themes": "what is asked, and until when; colleagues who changed it stand in the trail",
    "wsis": "heartbeats of processes",
    "axes": "empty: wrong passwords are counted in Valkey, by name and pseudonym",
    "contenttypes": "names of tables",
    "auth.Group": "names of roles",
    "auth.Group_permissions": "what roles may do",
    "auth.Permission": "what may be done",
    "submissions.Tag": "the code frame",
    "submissions.Checkpoint": "hashes",
    "submissions.Band": "hashes of words, whose texts are elsewhere",
    "submissions.Campaign": "counts",
    "submissions.KeptFigures": "counts",
    "submissions.KeptMatrix": "counts",
    "submissions.FlagSweep": "counts",
    "privacy.Retention": "periods and counts",
    "publication.PublicFigures": "counts, without small ones",
    "publication.Mailing": "how far mails were queued",
}
