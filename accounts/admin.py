"""The security log, for administrators to read; and what they do for a colleague who cannot get in."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitations, second_factor
from accounts.models import SecurityEvent
from wsis.read_only import ReadOnlyMixin


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyMixin):
    list_display = ["at", "kind", "username", "network"]
    list_filter = ["kind"]
    search_fields = ["=username", "=network"]
    search_help_text = gettext_lazy("A username or a network, in full")
    date_hierarchy = "at"
    list_per_page = 100
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]
    actions = ["invite", "take_second_factor_away"]

    def get_actions(self, request: HttpRequest) -> Any:
        return super().get_actions(request) if request.user.is_superuser else {}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What they did names them, and nobody may delete that. An account is switched off ("active").
        return False

    @admin.action(description=gettext_lazy("Invite: make a link to set up the second factor"))
    def invite(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset.order_by("username"):
            link = invitations.invite(user)
            sentence = _("For %(name)s, good once and for three days. It is shown only now: %(link)s")
            messages.success(request, sentence % {"name": user.get_username(), "link": link})

    @admin.action(description=gettext_lazy("Take the second factor away: phone and recovery codes are lost"))
    def take_second_factor_away(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset.order_by("username"):
            second_factor.reset(user)
            sentence = _("%(name)s has no second factor now, and needs an invitation.")
            messages.success(request, sentence % {"name": user.get_username()})
