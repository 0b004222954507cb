"""Fields in a table's rows, which have no label beside them: whoever hears them is told their names."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _


class LabelledRowsMixin(admin.options.BaseModelAdmin):  # type: ignore[type-arg]
    """For what is edited row by row: inlines, and lists with fields."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and field.widget is not None:
            # Around a choice of other rows stands a widget with links, and the choice is inside it.
            widget: Any = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", str(capfirst(field.label or db_field.verbose_name)))
        return field

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]

        class Labelled(formset):  # type: ignore[misc]
            def add_fields(self, form: Any, index: int | None) -> None:
                super().add_fields(form, index)
                if delete := form.fields.get("DELETE"):
                    delete.widget.attrs["aria-label"] = _("Delete %(what)s") % {"what": form.instance}

        return Labelled
