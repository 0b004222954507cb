"""What is stored, one file a concept. The one import path for each model is `from submissions.models import …`."""

from submissions.models.admission import Admission, LateAccess, Way
from submissions.models.audit import (
    Account,
    AccountRight,
    AccountRole,
    Change,
    Checkpoint,
    ContactView,
    Role,
    RoleRight,
    TrailLink,
)
from submissions.models.bulk_change import BulkChange, FormerReview
from submissions.models.commitment import Commitment
from submissions.models.contribution import Contribution, Proposal
from submissions.models.double_coding import CodingDecision, CodingSample, SampledSubmission
from submissions.models.draft import Draft, DraftContribution, DraftProposal, Reminder
from submissions.models.erasure import ERASED_EMAIL, ERASED_NAME, ERASED_TEXT, Erasure, FormerRecord
from submissions.models.export import Audience, Export, Format, Layout, Profile
from submissions.models.figures import KeptFigures, KeptMatrix
from submissions.models.flag import Band, Campaign, Fingerprint, Flag, FlagSweep
from submissions.models.mail import Mail
from submissions.models.passage import Highlight, Redaction
from submissions.models.presence import Presence
from submissions.models.publication import PublicationDecision
from submissions.models.record import Record
from submissions.models.respondent import (
    ANOTHER_LANGUAGE,
    OFFICIAL_LANGUAGES,
    RESPONDENT_FIELDS,
    SEVERAL_LANGUAGES,
    Consent,
    Respondent,
    StakeholderGroup,
    SubmittingAs,
    country_choices,
    country_name,
    language_choices,
    language_name,
)
from submissions.models.review import AssignmentNotice, Note, Review, SavedFilter, Tag
from submissions.models.search import ContributionWords, SubmissionWords
from submissions.models.submission import EmailConfirmation, LateAttempt, Submission, Withdrawal
from submissions.models.theme_text import PROPOSED, prefetched

__all__ = [
    "ANOTHER_LANGUAGE",
    "ERASED_EMAIL",
    "ERASED_NAME",
    "ERASED_TEXT",
    "OFFICIAL_LANGUAGES",
    "PROPOSED",
    "RESPONDENT_FIELDS",
    "SEVERAL_LANGUAGES",
    "Account",
    "AccountRight",
    "AccountRole",
    "Admission",
    "AssignmentNotice",
    "Audience",
    "Band",
    "BulkChange",
    "Campaign",
    "Change",
    "Checkpoint",
    "CodingDecision",
    "CodingSample",
    "Commitment",
    "Consent",
    "ContactView",
    "Contribution",
    "ContributionWords",
    "Draft",
    "DraftContribution",
    "DraftProposal",
    "EmailConfirmation",
    "Erasure",
    "Export",
    "Fingerprint",
    "Flag",
    "FlagSweep",
    "Format",
    "FormerRecord",
    "FormerReview",
    "Highlight",
    "KeptFigures",
    "KeptMatrix",
    "LateAccess",
    "LateAttempt",
    "Layout",
    "Mail",
    "Note",
    "Presence",
    "Profile",
    "Proposal",
    "PublicationDecision",
    "Record",
    "Redaction",
    "Reminder",
    "Respondent",
    "Review",
    "Role",
    "RoleRight",
    "SampledSubmission",
    "SavedFilter",
    "StakeholderGroup",
    "Submission",
    "SubmissionWords",
    "SubmittingAs",
    "Tag",
    "TrailLink",
    "Way",
    "Withdrawal",
    "country_choices",
    "country_name",
    "language_choices",
    "language_name",
    "prefetched",
]
