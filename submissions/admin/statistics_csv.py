"""The figures of the front page as files, for whoever wants to draw them again; and how such a file is answered."""

import csv
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path

from submissions.queries.figures import TABLES, figures_of
from submissions.text.spreadsheet import make_inert
from themes.models import Consultation


def csv_answer(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """A small table as a file for spreadsheets, in which nothing is run."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(response, lineterminator="\r\n")
    writer.writerows([make_inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return response


class StatisticsCsvMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    def figures_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if name not in TABLES:
            raise Http404
        consultation = get_object_or_404(Consultation, pk=pk)
        header, rows = TABLES[name](figures_of(consultation))
        return csv_answer(f"{consultation.slug}-{name}", [header, *rows])

    def get_urls(self) -> list[URLPattern]:
        url: Any = path(
            "figures/<int:pk>/<slug:name>.csv",
            self.admin_site.admin_view(self.figures_view),
            name="submissions_submission_figures",
        )
        return [url, *super().get_urls()]
