"""The code frame: the tags of a consultation, in their colours, merged without loss."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, F, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.models import Tag
from submissions.queries.tags import as_tree, tree_order
from submissions.review import reviewing
from wsis.tolerant_lists import TolerantListMixin


def tags_in_colour(tags: Any) -> SafeString:
    return format_html_join(" ", '<span class="tag tag-{}">{}</span>', tags)


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        label=gettext_lazy("The tag that stays"), queryset=Tag.objects.none(), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, tags: QuerySet[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = tags  # type: ignore[attr-defined]


@admin.register(Tag)
class TagAdmin(TolerantListMixin):
    """The code frame. A tag that is in use is merged into another, and not deleted with what it says."""

    list_display = ["coloured", "consultation", "description", "used"]
    list_filter = ["consultation"]
    list_select_related = ["consultation", "parent"]
    fields = ["consultation", "name", "parent", "colour", "description"]
    search_fields = ["name", "description"]
    actions = ["merge_selected"]

    class Media:
        css: ClassVar[Any] = {"all": ["css/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        counted: QuerySet[Tag] = super().get_queryset(request).annotate(use=Count("reviews"))
        return counted

    def get_ordering(self, request: HttpRequest) -> Any:
        return tree_order()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """What another can stand under: a tag that stands under none."""
        if db_field.name == "parent":
            kwargs["queryset"] = as_tree(Tag.objects.filter(parent=None))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: one for name, one in super().get_actions(request).items() if name != "delete_selected"}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_used = isinstance(obj, Tag) and (obj.reviews.exists() or obj.highlights.exists())
        return not is_used and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Tag | None = None) -> list[str]:
        return ["consultation"] if obj else []

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def coloured(self, tag: Tag) -> SafeString:
        return tags_in_colour([(tag.colour, tag.path)])

    @admin.display(description=gettext_lazy("used"), ordering=F("use"))
    def used(self, tag: Any) -> int:
        use: int = tag.use
        return use

    @admin.action(description=gettext_lazy("Merge the selected tags into one"), permissions=["change"])
    def merge_selected(self, request: HttpRequest, queryset: QuerySet[Tag]) -> HttpResponse | None:
        tags = Tag.objects.filter(pk__in=queryset.values("pk"))
        if len(tags) < 2 or len({tag.consultation_id for tag in tags}) > 1:
            messages.error(request, _("Choose at least two tags of one consultation."))
            return None
        form = MergeForm(request.POST if "confirm" in request.POST else None, tags=tags)
        if form.is_valid():
            into = form.cleaned_data["into"]
            for tag in tags:
                if tag != into:
                    reviewing.merge_tags(tag, into, by=request.user)
            messages.success(request, _("Merged into “%(tag)s”.") % {"tag": into})
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge the selected tags into one"),
            "opts": self.model._meta,
            "form": form,
            "selected": request.POST.getlist("_selected_action"),
            "action": "merge_selected",
        }
        return render(request, "admin/submissions/tag/merge.html", context)
