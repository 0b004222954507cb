"""The matrix on a page: every cell leads to its texts."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.admin.statistics_csv import csv_answer
from submissions.queries.matrix import Columns, Matrix, Measure, Rows, matrix_of
from themes.current import current_consultation
from themes.models import Consultation

# By which filter of the list of contributions a row or a column is found.
FILTERS = {
    "theme": "theme__id__exact",
    "tag": "tag",
    "group": "submission__stakeholder_group__exact",
    "region": "region",
    "language": "language",
}
SHADES = 5


class MatrixForm(forms.Form):
    consultation = forms.ModelChoiceField(
        label=gettext_lazy("Consultation"), queryset=Consultation.objects.order_by("-opens_at"), empty_label=None
    )
    rows = forms.ChoiceField(label=gettext_lazy("Rows"), choices=Rows)
    columns = forms.ChoiceField(label=gettext_lazy("Columns"), choices=Columns)
    count = forms.ChoiceField(label=gettext_lazy("Counted"), choices=Measure)


class MatrixMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    def get_urls(self) -> list[URLPattern]:
        url: Any = path("matrix/", self.admin_site.admin_view(self.matrix_view), name="submissions_submission_matrix")
        return [url, *super().get_urls()]

    def matrix_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        consultation = current_consultation(timezone.now()) or Consultation.objects.order_by("-opens_at").first()
        chosen: dict[str, Any] = {
            "consultation": consultation and consultation.pk,
            "rows": Rows.AREAS.value,
            "columns": Columns.GROUPS.value,
            "count": Measure.SUBMISSIONS.value,
            **{name: value for name, value in request.GET.items() if name in MatrixForm.base_fields},
        }
        form = MatrixForm(chosen)
        matrix = None
        if form.is_valid():
            data = form.cleaned_data
            consultation = data["consultation"]
            rows, columns = Rows(data["rows"]), Columns(data["columns"])
            matrix = matrix_of(consultation, rows, columns, Measure(data["count"]))
            if matrix is not None and "csv" in request.GET:
                return _as_csv(matrix, f"{consultation.slug}-{rows}-{columns}-{data['count']}")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Matrix"),
            "opts": self.opts,
            "form": form,
            "matrix": matrix,
            "table": _linked(matrix, chosen) if matrix else None,
            "csv_url": f"?{urlencode({**chosen, 'csv': 1})}",
            "media": self.media,
        }
        return render(request, "admin/submissions/submission/matrix.html", context)


def _linked(matrix: Matrix, chosen: dict[str, Any]) -> dict[str, Any]:
    """Each count with the address of its texts, and how deep its cell is shaded, from 0 to 5."""
    texts = reverse("admin:submissions_contribution_changelist")
    most = max((n for row in matrix.rows for n in row.cells), default=0)

    def cell(n: int, row: str = "", column: str = "") -> dict[str, Any]:
        filters = {"submission__consultation__id__exact": chosen["consultation"]}
        filters |= {FILTERS[chosen["rows"]]: row} if row else {}
        filters |= {FILTERS[chosen["columns"]]: column} if column else {}
        shade = -(-n * SHADES // most) if row and column and most else 0
        # No list shows what has any code at all.
        has_list = bool(row) or chosen["rows"] != Rows.CODES
        return {"n": n, "url": f"{texts}?{urlencode(filters)}" if has_list else "", "shade": shade}

    codes = [code for code, _label in matrix.columns]
    return {
        "rows": [
            {
                "label": row.label,
                "total": cell(row.total, row.code),
                "cells": [cell(n, row.code, code) for n, code in zip(row.cells, codes, strict=True)],
            }
            for row in matrix.rows
        ],
        "totals": [cell(n, "", code) for n, code in zip(matrix.totals, codes, strict=True)],
    }


def _as_csv(matrix: Matrix, name: str) -> HttpResponse:
    header = ["", *(label for _code, label in matrix.columns), _("All")]
    rows = ([row.label, *row.cells, row.total] for row in matrix.rows)
    return csv_answer(name, [header, *rows, [_("All"), *matrix.totals, matrix.total]])
