"""The security log, for administrators to read; and what they do for a colleague who cannot get in."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.colleagues import InvitingMixin
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
class AccountAdmin(InvitingMixin, UserAdmin):  # type: ignore[type-arg]
    """Rights come by the groups; what somebody may do one by one is nothing that a page of hundreds of boxes shows."""

    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Who"), {"fields": ("first_name", "last_name", "email")}),
        (gettext_lazy("May work here"), {"fields": ("is_active", "is_staff", "groups", "is_superuser")}),
        (gettext_lazy("When"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        if obj is None or not obj.user_permissions.exists():
            return shown
        # Given one by one before, and to be seen and taken away.
        return [*shown, (gettext_lazy("Rights given one by one"), {"fields": ("user_permissions",)})]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_actions(self, request: HttpRequest) -> Any:
        return super().get_actions(request) if request.user.is_superuser else {}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What they did names them, and nobody may delete that. An account is switched off ("active").
        return False
