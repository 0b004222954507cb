"""The page of a consultation's texts: a tab for each language, the source beside the field, a workbook."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from themes import translations, translations_file, wording
from themes.fields import LANGUAGES, SOURCE_LANGUAGE
from themes.intake import database_now
from themes.models import Consultation
from themes.translations import NAMES, Change, Text, mark
from wsis.one_line import OneLineFormField

_SALT = "themes.translations"
_WIDE = 90  # signs on a line of the field, about


def direction(language: str) -> str:
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


class NoteForm(forms.Form):
    """Why a text changes that people have read."""

    note = OneLineFormField(
        label=gettext_lazy("Why the wording changes"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("The public reads it, with both wordings. A first translation needs none."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class TextsForm(forms.Form):
    """One language of all texts. What somebody else has saved meanwhile is shown and not overwritten unseen."""

    def __init__(self, *args: Any, texts: list[Text], language: str, is_settled: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts, self.language = texts, language
        for text in texts:
            lines = max(2, len(text.source) // _WIDE + 1) if text.is_long else 1 + len(text.source) // _WIDE
            attributes = {
                "lang": language,
                "dir": direction(language),
                "rows": lines,
                "aria-describedby": f"source-{text.key}",
            }
            # Checked with what is stored, in clean(): nothing is cut while it is typed.
            self.fields[text.key] = forms.CharField(
                label=text.label, required=False, initial=text.get(language), widget=forms.Textarea(attributes)
            )
            self.fields[f"was-{text.key}"] = forms.CharField(
                required=False, initial=mark(text.get(language)), widget=forms.HiddenInput
            )
        self.changes: list[translations.Change] = []
        if is_settled:
            self.fields |= NoteForm().fields

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = {
            (text.key, self.language): cleaned[text.key]
            for text in self.texts
            # Who has changed nothing keeps what a colleague has; and the page may have shown some of the texts alone.
            if text.key in self.data
            and text.key in cleaned
            and mark(cleaned[text.key].replace("\r\n", "\n")) != cleaned.get(f"was-{text.key}")
        }
        self.changes, errors = translations.changes(self.texts, typed)
        for (key, _language), why in errors.items():
            self.add_error(key, why)
        for change in self.changes:
            if mark(change.old) != cleaned.get(f"was-{change.text.key}"):
                sentence = _("Somebody else has saved another text meanwhile: “%(text)s”. Save again to keep yours.")
                self.add_error(change.text.key, sentence % {"text": change.old})
        if "note" in self.fields and not self.errors and not cleaned.get("note") and wording.rewordings(self.changes):
            self.add_error("note", wording.WHY)
        return cleaned

    def rows(self) -> list[tuple[Text, Any, Any]]:
        """For the page: the text, its field, and the mark of what was shown; beside an error that is what is stored."""
        return [(text, self[text.key], self._mark_of(text)) for text in self.texts]

    def _mark_of(self, text: Text) -> str:
        if self.is_bound and text.key not in self.errors:
            return str(self.data.get(f"was-{text.key}", ""))
        return mark(text.get(self.language))


class WorkbookForm(forms.Form):
    workbook = forms.FileField(
        label=gettext_lazy("The workbook, filled in"), widget=forms.FileInput(attrs={"accept": ".xlsx"})
    )

    def clean_workbook(self) -> Any:
        return translations_file.read(self.cleaned_data["workbook"].read(translations_file.MAX_BYTES + 1))


class TranslationsMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What the admin of consultations has for their languages."""

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, tuple[str, Any]] = {
            "texts/<str:language>/": ("texts", self.texts_view),
            "workbook/": ("workbook", require_safe(self.workbook_view)),
            "workbook/back/": ("workbook_back", self.workbook_back_view),
        }
        urls = [
            path(f"<int:pk>/{at}", self.admin_site.admin_view(view), name=f"themes_consultation_{name}")
            for at, (name, view) in pages.items()
        ]
        return [*urls, *super().get_urls()]

    @admin.display(description=gettext_lazy("languages"))
    def languages(self, consultation: Consultation) -> SafeString:
        """The meters, each a link to its tab; and the way to what is worded in the source language."""
        source = reverse("admin:themes_consultation_texts", args=[consultation.pk, SOURCE_LANGUAGE])
        words = format_html('<p><a href="{}">{}</a></p>', source, _("Change the wording in the source language"))
        return words + format_html_join(
            "",
            '<div class="meter"><a href="{}"><bdi lang="{}">{}</bdi></a>'
            '<progress max="{}" value="{}"></progress> {}</div>',
            (
                (
                    reverse("admin:themes_consultation_texts", args=[consultation.pk, meter.language]),
                    meter.language,
                    meter.name,
                    meter.total,
                    meter.translated,
                    f"{meter.translated}/{meter.total}",
                )
                for meter in translations.meters(translations.texts_of(consultation))
            ),
        )

    def _to_translate(self, request: HttpRequest, pk: int) -> tuple[Consultation, list[Text]]:
        # Whoever writes, writes one after the other.
        rows = Consultation.objects.select_for_update() if request.method == "POST" else Consultation.objects.all()
        consultation = get_object_or_404(rows, pk=pk)
        if not self.has_change_permission(request, consultation):
            raise PermissionDenied
        return consultation, translations.texts_of(consultation)

    def _draw(
        self,
        request: HttpRequest,
        consultation: Consultation,
        texts: list[Text],
        more: dict[str, Any],
        status: int = 200,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "consultation": consultation,
            "meters": translations.meters(texts),
            "source_language": SOURCE_LANGUAGE,
            "source_name": NAMES[SOURCE_LANGUAGE],
            "is_settled": wording.is_settled(consultation, database_now()),
            **more,
        }
        return render(request, "admin/themes/consultation/texts.html", context, status=status)

    @method_decorator(transaction.atomic)
    def texts_view(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        if language not in LANGUAGES:
            raise Http404
        consultation, texts = self._to_translate(request, pk)
        only_missing = "missing" in request.GET
        shown = [text for text in texts if not (only_missing and text.get(language))]
        at = database_now()
        form = TextsForm(
            request.POST or None,
            texts=texts if request.POST else shown,
            language=language,
            is_settled=wording.is_settled(consultation, at),
        )
        if request.method == "POST" and form.is_valid():
            count = self._store(request, consultation, form.changes, form.cleaned_data.get("note", ""))
            self.log_change(request, consultation, f"{NAMES[language]}: {[c.text.key for c in form.changes]}")
            messages.success(request, ngettext("%(n)d text saved.", "%(n)d texts saved.", count) % {"n": count})
            return redirect(request.get_full_path())
        more = {"title": _("Texts: %(language)s") % {"language": NAMES[language]}, "language": language, "form": form}
        more |= {"direction": direction(language), "only_missing": only_missing, "workbook": WorkbookForm()}
        return self._draw(request, consultation, texts, more, 422 if form.is_bound else 200)

    def workbook_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        consultation, texts = self._to_translate(request, pk)
        answer = HttpResponse(translations_file.write(texts), content_type=translations_file.CONTENT_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{consultation.slug}-texts.xlsx"'
        return answer

    @method_decorator(transaction.atomic)
    def workbook_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what a filled workbook would change, and changes it when that is confirmed."""
        consultation, texts = self._to_translate(request, pk)
        more: dict[str, Any] = {"title": _("Texts from a workbook")}
        if "changes" in request.POST:
            return self._confirmed(request, consultation, texts, more)
        form = WorkbookForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            typed = form.cleaned_data["workbook"]
            found, errors = translations.changes(texts, typed)
            known = {text.key for text in texts}
            more["changes"] = found
            more["refused"] = [(key, NAMES[language], why) for (key, language), why in errors.items()]
            more["unknown"] = sorted({key for key, _language in typed if key not in known})
            more["note"] = NoteForm()
            more["sealed"] = signing.dumps(
                [[one.text.key, one.language, one.new, mark(one.old)] for one in found], salt=_SALT, compress=True
            )
        return self._draw(request, consultation, texts, {**more, "workbook": form}, 422 if form.errors else 200)

    def _store(self, request: HttpRequest, consultation: Consultation, found: list[Change], note: str) -> int:
        by = cast(User, request.user)
        return wording.reword(found, consultation=consultation, note=note, by=by, at=database_now())

    def _confirmed(
        self, request: HttpRequest, consultation: Consultation, texts: list[Text], more: dict[str, Any]
    ) -> HttpResponse:
        try:
            sealed = signing.loads(request.POST["changes"], salt=_SALT, max_age=24 * 3600)
        except signing.BadSignature:
            form = WorkbookForm()
            messages.error(request, _("This preview is too old. Give the workbook again."))
            return self._draw(request, consultation, texts, {**more, "workbook": form}, 422)
        was = {(key, language): shown for key, language, _new, shown in sealed}
        found, _errors = translations.changes(texts, {(key, language): new for key, language, new, _shown in sealed})
        # What somebody has saved since the preview stays.
        still = [one for one in found if mark(one.old) == was[one.text.key, one.language]]
        note = NoteForm(request.POST)
        try:
            count = self._store(request, consultation, still, note.cleaned_data["note"] if note.is_valid() else "")
        except ValidationError as refusal:
            note.add_error("note", refusal)
            more |= {"changes": found, "sealed": request.POST["changes"], "note": note}
            return self._draw(request, consultation, texts, {**more, "workbook": WorkbookForm()}, 422)
        self.log_change(request, consultation, f"{_('Texts from a workbook')}: {count}")
        messages.success(request, ngettext("%(n)d text saved.", "%(n)d texts saved.", count) % {"n": count})
        if left := len(found) - len(still):
            sentence = ngettext(
                "%(n)d text was changed by somebody else since the preview, and stays as it is.",
                "%(n)d texts were changed by somebody else since the preview, and stay as they are.",
                left,
            )
            messages.warning(request, sentence % {"n": left})
        return redirect("admin:themes_consultation_change", consultation.pk)
