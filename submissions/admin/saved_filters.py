"""Filters of a list kept under a name: a link of one's own, or for all colleagues."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from submissions.admin.permissions import CONTACT, may_see_contacts
from submissions.models import SavedFilter
from submissions.queries.filtered import NOT_FILTERS
from wsis.one_line import OneLineFormField


class SaveForm(forms.ModelForm):  # type: ignore[type-arg]
    name = OneLineFormField(label=gettext_lazy("Name"), max_length=60)

    class Meta:
        model = SavedFilter
        fields = ["name", "is_shared", "filters"]
        widgets = {"filters": forms.HiddenInput}


class SavedFiltersMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What the lists have for that."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        urls = [
            path("save/", self.admin_site.admin_view(require_POST(self.save_view)), name=f"{name}_save"),
            path(
                "saved/<int:pk>/remove/",
                self.admin_site.admin_view(require_POST(self.remove_view)),
                name=f"{name}_unsave",
            ),
        ]
        return [*urls, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        here = _filters_in(request.GET)
        usable = SavedFilter.objects.filter(of=self.opts.model_name).filter(
            Q(owner=request.user.pk) | Q(is_shared=True)
        )
        may_see = may_see_contacts(request)
        shown = [
            row for row in usable.select_related("owner") if may_see or row.owner == request.user or _is_plain(row)
        ]
        context = {
            "title": capfirst(str(self.opts.verbose_name_plural)),
            "saved": [(row, row.filters == here) for row in shown],
            "save_form": SaveForm(initial={"filters": here}) if here else None,
            "save_url": reverse(f"admin:submissions_{self.opts.model_name}_save"),
            "unsave_url": f"admin:submissions_{self.opts.model_name}_unsave",
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def save_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        saved = SavedFilter(of=str(self.opts.model_name), owner=cast(User, request.user))
        form = SaveForm(request.POST, instance=saved)
        filters = _filters_in(QueryDict(request.POST.get("filters", "")))
        try:
            with transaction.atomic():
                if form.is_valid() and filters:
                    form.instance.filters = filters
                    form.instance.save(force_insert=True)
                    messages.success(request, _("Saved as “%(name)s”.") % {"name": form.instance.name})
                else:
                    messages.error(request, _("Give it a name of at most 60 characters."))
        except IntegrityError:
            messages.error(request, _("You have saved filters under this name. Choose another, or remove the first."))
        return self._list(filters)

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        saved = get_object_or_404(SavedFilter, pk=pk, owner=request.user.pk, of=self.opts.model_name)
        saved.delete()
        messages.success(request, _("Removed: “%(name)s”.") % {"name": saved.name})
        return self._list(saved.filters)

    def _list(self, filters: str) -> HttpResponse:
        return redirect(reverse(f"admin:submissions_{self.opts.model_name}_changelist") + f"?{filters}")


def _filters_in(parameters: QueryDict) -> str:
    """The filters of an address, always in one order, without the page and the order of the rows."""
    kept = QueryDict(mutable=True)
    for name in sorted(parameters):
        if name not in NOT_FILTERS:
            kept.setlist(name, parameters.getlist(name))
    return kept.urlencode()


def _is_plain(saved: SavedFilter) -> bool:
    """Whether it names no contact: a colleague may have searched for an address, or filtered by one."""
    parameters = QueryDict(saved.filters)
    return not any(name == "q" or CONTACT & set(name.split("__")) for name in parameters)
