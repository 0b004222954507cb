"""The role walk: every address of the workspace by every role, allowed or refused, from one table."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import Colleague
from privacy.models import PersonalDataRequest, Retention
from publication.models import Publication, PublishedText, Report
from submissions.export import jobs, records
from submissions.mail import checkpoints
from submissions.models import (
    BulkChange,
    Campaign,
    CodingSample,
    ContactView,
    Export,
    Fingerprint,
    Flag,
    Highlight,
    LateAttempt,
    SampledSubmission,
    SavedFilter,
    Submission,
    Tag,
)
from tests.export_page import post
from tests.factories import make_late_access, move_cutoff_behind_now, send
from tests.roles import owner_connection
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import AskedChange, Extension, Theme

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# Who gets in where: n, a member of staff in no group; r, a reviewer; e, an exporter; m, a manager; a, an administrator.
TABLE = {
    ("themes_consultation", "ma"): "cutoff close reopen answer texts workbook workbook_back publish add",
    ("themes_consultation", "rema"): "changelist history change",
    ("themes_consultation", ""): "delete",
    ("themes_theme", "rema"): "changelist history change",
    ("themes_theme", "ma"): "add",
    ("themes_theme", ""): "delete",
    ("submissions_export", "rema"): "progress cancel again download readme changelist add history change",
    ("submissions_export", ""): "delete",
    ("submissions_record", "ema"): "again download changelist history change",
    ("submissions_record", ""): "add delete",
    ("submissions_mail", "ema"): "resend changelist history change",
    ("submissions_mail", ""): "add delete",
    ("submissions_lateattempt", "rema"): "changelist history change",
    ("submissions_lateattempt", ""): "add delete",
    ("submissions_lateaccess", "ema"): "changelist history change",
    ("submissions_lateaccess", "ma"): "enter revoke add",
    ("submissions_lateaccess", ""): "delete",
    ("submissions_campaign", "rema"): "of changelist history change",
    ("submissions_campaign", ""): "add delete",
    ("submissions_contactview", "ema"): "changelist history change",
    ("submissions_contactview", ""): "add delete",
    ("submissions_change", "ema"): "changelist",
    ("submissions_change", ""): "add history delete change",
    # Only the sample's coder codes it: the walk makes each of them that.
    ("submissions_codingsample", "rema"): "code changelist history change",
    ("submissions_codingsample", "ma"): "add delete",
    ("publication_publication", "rema"): "changelist history change",
    ("publication_publication", "ma"): "add confirm decline withdraw",
    ("publication_publication", ""): "delete",
    ("publication_report", "rema"): "answer changelist history change",
    ("publication_report", ""): "add delete",
    ("submissions_tag", "rema"): "changelist add history change",
    ("submissions_tag", "ma"): "delete",
    (
        "submissions_submission",
        "rema",
    ): "review figures passage unmark publication flag save unsave changelist history change matrix take present undo",
    ("submissions_submission", ""): "add delete",
    ("submissions_contribution", "rema"): "reading save unsave changelist history change",
    ("submissions_contribution", ""): "add delete",
    ("submissions_checkpoint", "ma"): "changelist history change",
    ("submissions_checkpoint", ""): "add delete",
    ("submissions_erasure", "ma"): "changelist history change",
    ("submissions_erasure", ""): "add delete",
    ("privacy_retention", "ma"): "changelist history change",
    ("privacy_retention", ""): "add delete",
    ("privacy_personaldatarequest", "ma"): "answer held changelist add history change",
    ("privacy_personaldatarequest", ""): "delete",
    ("accounts_colleague", "ma"): "changelist add history change",
    ("accounts_colleague", ""): "delete",
    ("accounts_securityevent", "a"): "changelist history change",
    ("accounts_securityevent", ""): "add delete",
    ("auth_group", "a"): "changelist add history delete change",
    ("auth_user", "a"): "password_change changelist add history change",
    ("auth_user", ""): "delete",
}
ROLES = {"n": None, "r": "Reviewer", "e": "Exporter", "m": "Manager", "a": None}
REFUSED = {403, 404}


def names() -> dict[str, tuple[str, type]]:
    """Every address of every model's workspace: its name, its route, its model."""
    found = {}
    for model, model_admin in admin.site._registry.items():
        for url in model_admin.get_urls():
            if url.name:
                base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
                found[url.name] = (base + str(url.pattern), model)
    return found


@pytest.fixture
def workspace(consultation, admin_user):
    """One row of each kind, or the walk would see only empty rooms."""
    send(consultation, {1: "A text."})
    Tag.objects.create(consultation=consultation, name="Gender")
    LateAttempt.objects.create(consultation=consultation, arrived_at=consultation.closes_at, byte_count=1, sha256="0")
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
    Group.objects.get_or_create(name="Other")
    sent = Submission.objects.get()
    first = consultation.themes.get(number=1)
    Flag.objects.create(consultation=consultation, reference=sent.reference, kind="short")
    Highlight.objects.create(reference=sent.reference, theme=first, tag=Tag.objects.get(), passage="text")
    make_late_access(consultation, admin_user)
    Campaign.objects.create(
        consultation=consultation,
        group=sent.contributions.get().pk,
        **dict.fromkeys(("submissions", "texts", "organisations", "countries"), 1),
        first_at=sent.received_at,
        last_at=sent.received_at,
    )
    Fingerprint.objects.create(
        contribution=sent.contributions.get(), form=1, signature=b"", group=sent.contributions.get().pk
    )
    ContactView.objects.create(seen_by=admin_user, where="page", what="x", people=1)
    Retention.objects.create(kind="trail", days=1)
    sample = CodingSample.objects.create(consultation=consultation, size=1)
    SampledSubmission.objects.create(sample=sample, reference=sent.reference, version=1, place=1)
    with owner_connection() as owner:
        owner.execute(
            "INSERT INTO submissions_erasure (reference, what, why, erased_at, digests)"
            " VALUES ('AAAA-AAAA-0000', 'contacts', 'request', now(), '{}')"
        )
    checkpoints.write_due_checkpoint()
    PersonalDataRequest.objects.create(
        kind="see",
        reference=sent.reference,
        asked_by=admin_user,
        answered_by=get_user_model().objects.create_user("second"),
        answered_at=database_now(),
        is_approved=True,
    )
    act = Publication(consultation=consultation, licence="CC0-1.0", asked_by=admin_user, content_sha256="0" * 64)
    act.number = 1
    act.save()
    one = sent.contributions.get()
    text = PublishedText.objects.create(
        publication=act,
        contribution=one,
        consultation=consultation,
        theme=one.theme,
        theme_number=1,
        is_named=True,
    )
    Report.objects.create(published=text, kind=Report.Kind.OTHER)
    AskedChange.objects.create(consultation=consultation, kind="reopened", reason="x", asked_by=admin_user)
    return consultation


def clients() -> dict[str, Client]:
    built = {}
    for letter, role in ROLES.items():
        user = get_user_model().objects.create_user(f"one-{letter}", is_staff=True, is_superuser=letter == "a")
        if role:
            user.groups.add(Group.objects.get(name=role))
        built[letter] = Client()
        built[letter].force_login(user)
    return built


def addresses(route: str, model, workspace) -> str:
    if model is Colleague:
        return route.replace("<path:object_id>", str(get_user_model().objects.get(username="one-r").pk))
    key = str(model._default_manager.values_list("pk", flat=True).order_by("pk").first() or 1)
    filled = route.replace("<int:pk>/<slug:name>", f"{workspace.pk}/by-theme").replace("<id>", key)
    if model is SavedFilter or "saved/" in route:
        return filled.replace("<int:pk>", str(SavedFilter.objects.latest("pk").pk))
    for part, model_of in {"<int:which>": AskedChange if "asked" in route else Highlight, "<int:theme>": Theme}.items():
        if part in filled:
            filled = filled.replace(part, str(model_of._default_manager.order_by("pk").values_list("pk", flat=True)[0]))
    filled = (
        filled.replace("flag/<slug:kind>", "flag/short").replace("<slug:kind>", "tag").replace("<str:language>", "ar")
    )
    if "enter/<int:pk>" in route:
        return filled.replace("<int:pk>", str(workspace.pk))
    if "of/<int:pk>" in route:
        return filled.replace("<int:pk>", str(Submission.objects.get().pk))
    return re.sub(r"<(int|path|str):(pk|object_id|id)>", key, filled)


def test_every_address_by_every_role(workspace):
    walked: dict[str, str] = {}
    everybody = clients()
    for letter, client in everybody.items():
        # Each has an export of their own, as far as they may.
        if post(client).status_code == 302:
            jobs.make_next()
        for name, (route, model) in names().items():
            if "passage/<slug:kind>" in route and not Highlight.objects.exists():
                row = Highlight(reference=Submission.objects.get().reference, theme=Theme.objects.order_by("pk")[0])
                row.tag, row.passage = Tag.objects.order_by("pk")[0], "text"
                row.save()
            if "saved/" in route:
                owner = get_user_model().objects.get(username=f"one-{letter}")
                SavedFilter.objects.create(of=model._meta.model_name, name=f"{name}", filters="x=1", owner=owner)
            url = addresses(route, model, workspace)
            if "undo/" in route:
                changed_by = get_user_model().objects.get(username=f"one-{letter}")
                change = BulkChange.objects.create(changed_by=changed_by, summary="x", count=0)
                url = url.replace("<int:change>", str(change.pk))
            if model is CodingSample:
                CodingSample.objects.update(coder=get_user_model().objects.get(username=f"one-{letter}"))
                url = url.replace("<int:place>", "1")
            if model is Export and "<" in route:
                export = Export.objects.filter(requested_by__username=f"one-{letter}").order_by("pk").first()
                url = re.sub(r"/\d+/", f"/{export.pk if export else 1}/", url)
            answer = client.get(url)
            if answer.status_code == 405:
                answer = client.post(url, {})
            if answer.streaming:
                answer.close()
            assert answer.status_code in {200, 302, *REFUSED}, (name, letter, answer.status_code)
            # What is not there for somebody is answered with the way to the front page.
            is_in = answer.status_code not in REFUSED and answer.headers.get("Location") != "/admin/"
            walked[name] = walked.get(name, "") + (letter if is_in else "")
    assert walked == {f"{model}_{verb}": who.strip() for (model, who), verbs in TABLE.items() for verb in verbs.split()}
