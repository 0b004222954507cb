"""Colleagues for a manager to add: a short form, a role explained in a sentence, and a link instead of a password."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitations, second_factor
from accounts.models import ROLES, Colleague
from accounts.sign_on import provider
from wsis.tolerant_lists import TolerantListMixin
from wsis.typography import list_in_words


class InvitingMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What is done for a colleague who cannot get in."""

    actions = ["invite", "take_second_factor_away"]

    @admin.action(permissions=["change"], description=gettext_lazy("Invite: make a link to set up the second factor"))
    def invite(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in self.others(request, queryset):
            self.show_invitation(request, user)

    def others(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Nobody helps themselves: whoever sits down at an open session would be in for good."""
        return queryset.exclude(username=request.user.get_username()).order_by("username")

    def show_invitation(self, request: HttpRequest, user: User) -> None:
        sentence = _("For %(name)s, good once and for three days. It is shown only now: %(link)s")
        values = {"name": user.get_username(), "link": invitations.invite(user)}
        messages.success(request, sentence % values)

    @admin.action(
        permissions=["change"],
        description=gettext_lazy("Take the second factor away: phone and recovery codes are lost"),
    )
    def take_second_factor_away(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in self.others(request, queryset):
            second_factor.reset(user)
            sentence = _("%(name)s has no second factor now, and needs an invitation.")
            messages.success(request, sentence % {"name": user.get_username()})


def _explained_roles() -> list[tuple[str, SafeString]]:
    return [(name, format_html("<strong>{}</strong>: {}", name, words)) for name, words in ROLES.items()]


class ColleagueForm(forms.ModelForm):  # type: ignore[type-arg]
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=_explained_roles,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nobody changes their own page: there every field is text.
        if "email" in self.fields:
            self.fields["email"].required = True
        if self.instance.pk:
            self.initial["role"] = self.instance.groups.values_list("name", flat=True).first()


@admin.register(Colleague)
class ColleagueAdmin(InvitingMixin, TolerantListMixin):
    form = ColleagueForm
    list_display = ["username", "first_name", "last_name", "email", "role", "is_active", "last_login"]
    list_filter = ["groups", "is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["username"]

    class Media:
        css = {"all": ["css/admin.css"]}

    @admin.display(description=gettext_lazy("role"))
    def role(self, colleague: Colleague) -> str:
        return list_in_words(group.name for group in colleague.groups.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Colleague]:
        """Without administrators, and without whoever was given rights of another kind: those are theirs to manage."""
        more = Q(is_superuser=True) | Q(user_permissions__isnull=False)
        others = User.groups.through.objects.exclude(group__name__in=ROLES).values("user_id")
        colleagues: QuerySet[Colleague] = super().get_queryset(request).filter(is_staff=True)
        return colleagues.exclude(more).exclude(pk__in=others).prefetch_related("groups")

    def get_fields(self, request: HttpRequest, obj: Colleague | None = None) -> Any:
        who = ["username", "first_name", "last_name", "email", "role"]
        return [*who, "is_active", "last_login"] if obj else who

    def get_readonly_fields(self, request: HttpRequest, obj: Colleague | None = None) -> list[str]:
        return ["username", "last_login"] if obj else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Who comes through the organisation gets an account by its groups.
        return not provider.is_on() and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_oneself = obj is not None and obj.pk == request.user.pk
        return not is_oneself and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What they did names them. An account is switched off ("active").
        return False

    def save_model(self, request: HttpRequest, obj: Colleague, form: Any, change: bool) -> None:
        if not change:
            obj.is_staff = True
            # The invitation lets them choose one.
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        obj.groups.set(Group.objects.filter(name=form.cleaned_data["role"]))

    def response_add(self, request: HttpRequest, obj: Colleague, post_url_continue: str | None = None) -> Any:
        self.show_invitation(request, obj)
        return super().response_add(request, obj, post_url_continue)
