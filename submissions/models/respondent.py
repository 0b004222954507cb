"""Who a submission comes from: the same fields on a draft, where they may be empty, and on what was sent."""

from functools import cache
from typing import Any

from django.conf.locale import LANG_INFO
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from submissions.text import countries
from submissions.text.regions import GLOBAL
from wsis.one_line import OneLineEmailField, OneLineField, one_line

SEVERAL_LANGUAGES = "mul"  # ISO 639-2's code for it
ANOTHER_LANGUAGE = "und"  # … for one that is not named
OFFICIAL_LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
# Those that most people beside them write in. All that there are would be a fifth of what the page weighs.
WIDELY_WRITTEN = ("bn", "de", "el", "fa", "he", "hi", "id", "it", "ja", "ko", "pt", "sw", "th", "tr", "uk", "ur", "vi")

Choices = list[tuple[str, str]]


class SubmittingAs(models.TextChoices):
    INDIVIDUAL = "individual", _("An individual")
    ORGANISATION = "organisation", _("An organisation")
    DELEGATION = "delegation", _("A delegation or a group of States")
    COALITION = "coalition", _("A coalition")


class StakeholderGroup(models.TextChoices):
    """Technical community and academia stay apart: stakeholders complained when they were one option."""

    GOVERNMENT = "government", _("Government")
    INTERGOVERNMENTAL = "intergovernmental", _("Intergovernmental organisation")
    CIVIL_SOCIETY = "civil-society", _("Civil society")
    TECHNICAL = "technical", _("Technical community")
    PRIVATE_SECTOR = "private-sector", _("Private sector")
    ACADEMIA = "academia", _("Academia")
    OTHER = "other", _("Other")


class Consent(models.TextChoices):
    NAMED = "named", _("With my name or my organisation’s")
    ANONYMOUS = "anonymous", _("Anonymously: the text is published without the author’s name")
    NONE = "none", _("Not published: only the secretariat and the co-facilitators read it")


def country_choices() -> Choices:
    """ISO 3166 countries and territories by code and name, after "Global / regional".

    In the order that the language in force has.
    """
    return [(GLOBAL, str(_("Global / regional"))), *_countries_in_order(get_language())]


@cache
def _countries_in_order(language: str | None) -> Choices:
    """Of the language in force, which is `language`: the form with them is made for pages that do not show it."""
    return list(countries.country_names().items())


def country_name(code: str) -> str:
    """The name of a country's code in the language in force, or the code itself if it is unknown."""
    return str(_("Global / regional")) if code == GLOBAL else countries.country_name(code) or code


def language_choices() -> Choices:
    """Languages by their own names: the six of the United Nations, several at once, widely written ones, another."""
    return list(_language_names(get_language()).items())


@cache
def _language_names(language: str | None) -> dict[str, str]:
    """`language` is the one in force, in which two of them are named."""
    official, others = (
        [(code, _native_name(code)) for code in codes] for codes in (OFFICIAL_LANGUAGES, WIDELY_WRITTEN)
    )
    others.sort(key=lambda choice: choice[1].casefold())
    several, another = (SEVERAL_LANGUAGES, str(_("Several languages"))), (ANOTHER_LANGUAGE, str(_("Another language")))
    return dict([*official, several, *others, another])


def language_name(code: str) -> str:
    return _language_names(get_language()).get(code, code)


def _native_name(code: str) -> str:
    # Django lists Chinese by script only; stakeholders are asked for the language.
    name = "中文" if code == "zh" else str(LANG_INFO[code]["name_local"])
    return name[:1].upper() + name[1:]


class Respondent(models.Model):
    """Abstract. Empty strings stand for "not said yet" on a draft; a submission's constraints refuse them."""

    submitting_as = models.CharField(_("submitting as"), max_length=12, choices=SubmittingAs, blank=True)
    organisation = OneLineField(_("organisation"), max_length=250, blank=True)
    stakeholder_group = models.CharField(_("stakeholder group"), max_length=20, choices=StakeholderGroup, blank=True)
    country = models.CharField(_("country or territory"), max_length=3, blank=True)
    contact_name = OneLineField(_("contact name"), max_length=200, blank=True)
    email = OneLineEmailField(_("e-mail"), blank=True)
    consent = models.CharField(_("publication"), max_length=10, choices=Consent, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    has_accepted_privacy = models.BooleanField(_("privacy notice accepted"), default=False)

    class Meta:
        abstract = True

    @property
    def sender(self) -> str:
        """Who it comes from, as they are named."""
        return self.organisation or self.contact_name

    @property
    def is_complete(self) -> bool:
        """Whether every question is answered. A draft holds right answers only, so that nobody asks its form again."""
        answers = self.answers()
        speaks_for_others = self.submitting_as != SubmittingAs.INDIVIDUAL
        return all(answers[name] for name in RESPONDENT_FIELDS if name != "organisation" or speaks_for_others)

    def answers(self) -> dict[str, Any]:
        """Everything a respondent says about themselves, by the name of the field, as the database stores it."""
        values = {name: getattr(self, name) for name in RESPONDENT_FIELDS}
        return {name: one_line(value) if isinstance(value, str) else value for name, value in values.items()}


RESPONDENT_FIELDS = tuple(field.name for field in Respondent._meta.local_fields)
