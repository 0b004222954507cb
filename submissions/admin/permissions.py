"""Who may see whom: contact names and e-mail addresses are for those with the permission, wherever they stand."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from wsis.read_only import ReadOnlyMixin

CONTACT = {"contact_name", "email"}


def may_see_contacts(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("submissions.see_contacts"))


class ReviewersMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What only reviewers do; Django asks this for the list's actions, too."""

    def has_review_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("submissions.review"))

    def assert_reviewer(self, request: HttpRequest) -> None:
        if not (self.has_view_permission(request) and self.has_review_permission(request)):
            raise PermissionDenied


class OrganisationOnlyMixin(ReadOnlyMixin):
    """Lists say who sent something to those who may see contacts, and to others the organisation alone."""

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        if may_see_contacts(request):
            return shown
        return ["organisation_alone" if name == "sender" else name for name in shown]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        # Who may not read an address must not find one by guessing either.
        is_contact = bool(CONTACT & set(lookup.split("__")))
        return (not is_contact or may_see_contacts(request)) and super().lookup_allowed(lookup, value, request)


class ContactsMixin(ReadOnlyMixin):
    """Rows that cannot be shown without saying whom they went to: not for those who may not see contacts."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and may_see_contacts(request)
