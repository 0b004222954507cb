"""A reviewer reads everything but whom to write to: no page, file, search or address gives that away."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import URLPattern

from submissions.export import jobs, records
from submissions.models import Audience, Export, Format, Layout, Mail, Profile, Record, Submission
from submissions.roles import ROLES
from submissions.search.index import index_new
from tests.export_page import post
from tests.factories import move_cutoff_behind_now, send
from themes import cutoff_changes
from themes.models import Extension

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NAME, ADDRESS = "Wangari Unseenperson", "unseenperson@secret.example"
TELLING = re.compile("unseenperson|wangari|secret.example", re.IGNORECASE)


def member(role: str):
    user = get_user_model().objects.create_user(role.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def workspace(consultation, admin_client):
    """One of everything: a submission, one that was withdrawn, mails, an extension, a record, an export of another."""
    send(consultation, {1: "A text."}, contact_name=NAME, email=ADDRESS, consent="named")
    send(consultation, {2: "Other."}, contact_name=NAME, email=ADDRESS, submitting_as="individual", organisation="")
    index_new()
    post(admin_client, audience="full", filters=f"q={quote(ADDRESS)}")
    jobs.make_next()
    assert ADDRESS in Export.objects.get(state="done").filters_in_words
    Extension.objects.create(
        consultation=consultation,
        previous_cutoff=consultation.closes_at,
        new_cutoff=consultation.closes_at + timedelta(days=1),
        announced_at=consultation.opens_at,
        reason="x",
    )
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    records.write_due_records()
    return consultation


def addresses() -> Iterator[str]:
    """Every address of the workspace, of every row there is."""
    yield from ("/admin/", "/admin/password_change/", "/admin/jsi18n/", "/admin/autocomplete/")
    yield from ("/admin/submissions/", "/admin/themes/", "/admin/auth/")
    for model, model_admin in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        keys = [str(pk) for pk in model._default_manager.values_list("pk", flat=True)] or ["1"]
        for url in model_admin.get_urls():
            assert isinstance(url, URLPattern)
            route = str(url.pattern)
            for key in keys if "<" in route else [""]:
                yield base + re.sub(r"<(int|path|str):(pk|object_id|id)>", key, route)


def everything(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return content.decode(errors="replace") + str(dict(response.headers))


def test_the_walk_finds_what_it_looks_for(workspace, admin_client):
    """Or the next test could not fail: whoever may see contacts finds them on the same addresses."""
    found = {url for url in addresses() if "logout" not in url and TELLING.search(everything(admin_client.get(url)))}
    submission, export, record = Submission.objects.last(), Export.objects.get(), Record.objects.get()
    assert {
        f"/admin/submissions/submission/{submission.pk}/change/",
        "/admin/submissions/mail/",
        f"/admin/submissions/mail/{Mail.objects.first().pk}/change/",
        f"/admin/submissions/export/{export.pk}/change/",
        f"/admin/submissions/export/{export.pk}/readme/",
        f"/admin/submissions/record/{record.pk}/download/",
    } <= found


def test_no_address_of_the_workspace_gives_a_contact_away(workspace, client):
    client.force_login(member("Reviewer"))
    asked = 0
    for url in sorted(set(addresses())):
        for answer in (client.get(url), client.post(url, {})):
            assert not TELLING.search(everything(answer)), url
            asked += 1
    assert asked > 120
    # What a reviewer is for, is there.
    for name in ("submission", "contribution", "export"):
        assert client.get(f"/admin/submissions/{name}/").status_code == 200
    for name in ("record", "mail", "draft"):
        assert client.get(f"/admin/submissions/{name}/").status_code in {403, 404}


def test_no_search_no_filter_and_no_order_gives_a_contact_away(workspace, client):
    client.force_login(member("Reviewer"))
    for model in ("submission", "contribution"):
        lists = f"/admin/submissions/{model}/"
        for words in (ADDRESS, NAME, "unseenperson", "Wangari"):
            page = client.get(lists, {"q": words})
            assert page.context["cl"].result_count == 0
        field = "email" if model == "submission" else "submission__email"
        for lookup in (f"{field}__startswith", field, f"{field}__regex", field.replace("email", "contact_name")):
            assert client.get(lists, {lookup: "u"}).status_code == 400
    assert post(client, f"q={quote(ADDRESS)}").status_code == 302
    assert jobs.make_next()
    assert Export.objects.latest("pk").rows_done == 0
    assert "not understood" in post(client, "email__startswith=u").content.decode()


def test_no_export_gives_a_contact_away(workspace, client):
    client.force_login(member("Reviewer"))
    built = 0
    for layout in Layout:
        for kind in Format:
            for audience in Audience:
                answer = post(client, layout=layout, format=kind, audience=audience)
                if audience is Audience.FULL:
                    assert answer.status_code == 200
                    assert answer.context["errors"]
                    continue
                if answer.status_code == 200:
                    continue  # choices that do not go together
                assert jobs.make_next()
                export = Export.objects.latest("pk")
                assert export.state == "done"
                page = client.get(f"/admin/submissions/export/{export.pk}/change/")
                assert page.context["progress"]["can_download"] is True
                assert not TELLING.search(everything(page))
                text = everything(client.get(f"/admin/submissions/export/{export.pk}/download/"))
                if audience is Audience.PUBLIC:
                    # An individual who agreed to be named is published by name: that is what was agreed to.
                    text = text.replace(NAME, "")
                assert not TELLING.search(text), (layout, kind, audience)
                built += 1
    assert built == 40
    assert Profile.values == ["spreadsheet", "semicolons", "verbatim"]


def test_an_export_of_another_is_not_there(workspace, client):
    export = Export.objects.get()
    client.force_login(member("Reviewer"))
    for verb in ("download", "readme", "progress"):
        assert client.get(f"/admin/submissions/export/{export.pk}/{verb}/").status_code == 404
    for verb in ("cancel", "again"):
        assert client.post(f"/admin/submissions/export/{export.pk}/{verb}/").status_code == 404
    # Nor one's own, once it holds more than one may have now.
    exporter = member("Exporter")
    client.force_login(exporter)
    post(client, audience="full")
    jobs.make_next()
    export = Export.objects.latest("pk")
    assert client.get(f"/admin/submissions/export/{export.pk}/change/").context["progress"]["can_download"] is True
    exporter.groups.set([Group.objects.get(name="Reviewer")])
    assert client.get(f"/admin/submissions/export/{export.pk}/download/").status_code == 403
    assert client.post(f"/admin/submissions/export/{export.pk}/again/").status_code == 403


def test_the_groups_are_what_the_project_says(db):
    for name, rights in ROLES.items():
        found = Group.objects.get(name=name).permissions.all()
        assert {f"{one.content_type.app_label}.{one.codename}" for one in found} == set(rights)
    contacts = Permission.objects.get(codename="see_contacts")
    assert [name for name in ROLES if Group.objects.get(name=name).permissions.contains(contacts)] == [
        "Exporter",
        "Manager",
    ]
