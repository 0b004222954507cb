"""Forms of the workspace for whoever may read a page and change nothing on it: no field is there, none is missed."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_a_form_without_fields_is_made(model, rf, seeded, monkeypatch):
    model_admin = admin.site._registry[model]
    monkeypatch.setattr(type(model_admin), "has_change_permission", lambda *args, **kwargs: False)
    request = rf.get("/")
    request.user = User.objects.create_user("reader", is_staff=True)
    instance = (model._base_manager.first() if model._meta.managed else None) or model()
    form = model_admin.get_form(request, instance, change=True)
    assert [name for name in form(instance=instance).fields if name not in form.declared_fields] == []
