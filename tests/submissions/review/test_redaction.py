"""What is held back from publication: passages as black bars, whole contributions, and who is told of it."""

import io
import re

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from submissions.models import Contribution, PublicationDecision, Redaction, Submission
from submissions.review import redaction
from submissions.review.redaction import BAR, decide_publication, redact
from submissions.review.refusals import MissingInput, PassageNotFound
from submissions.text.content import Content, ProposedWording
from tests.export_files import exported, parsed
from tests.factories import ARABIC, CHINESE, send, theme

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TEXT = "Write to Li Wei, Li Wei’s phone is 0712 345.\nLi Wei agrees."
ROWS = (ProposedWording("60", "As Li Wei says", "Ask 0712 345"),)
TABLE = [
    ("nothing here", [], "nothing here"),
    ("nothing here", ["absent"], "nothing here"),
    ("a secret word", ["secret"], f"a {BAR} word"),
    ("secret", ["secret"], BAR),
    ("secret secret", ["secret"], f"{BAR} {BAR}"),
    ("aaa", ["aa"], BAR),
    ("John Smith lives", ["John Smith", "Smith lives"], BAR),
    ("John Smith", ["John", " Smith"], BAR),
    ("abcd", ["b", "d"], f"a{BAR}c{BAR}"),
    ("one\ntwo", ["one\nt"], f"{BAR}wo"),
    (CHINESE, ["服务"], CHINESE.replace("服务", BAR)),
    (ARABIC, ["الفجوات"], ARABIC.replace("الفجوات", BAR)),
    ("🌍🌍x", ["🌍"], f"{BAR}x"),
    ("100% of it", ["%"], f"100{BAR} of it"),
]


def in_sql(value: str, passages: list[str]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT submissions_redacted(%s, %s::text[])", [value, passages])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("value", "passages", "shown"), TABLE)
def test_python_and_sql_draw_the_same_bars(value, passages, shown):
    assert redaction.redacted(value, passages) == shown
    assert in_sql(value, passages) == shown


class TheTwins(TestCase):
    @given(st.text("ab\nعé🌍", max_size=12), st.lists(st.text("ab\nعé🌍", max_size=3), max_size=3))
    def test_agree_on_anything(self, value, passages):
        shown = redaction.redacted(value, passages)
        assert in_sql(value, passages) == shown
        # Nothing that is hidden is left standing, and nothing else is gone.
        assert re.sub(BAR, "", shown) == "".join(
            sign
            for place, sign in enumerate(value)
            if not any(start <= place < end for start, end in redaction.spans(value, passages))
        )


@pytest.fixture
def sent(consultation):
    return send(consultation, {1: Content(TEXT, ROWS), 2: "Li Wei again.", 3: "Unsafe."}).submission


def test_the_public_reads_bars_and_nobody_else_does(consultation, sent, admin_user):
    first = theme(consultation, 1)
    assert redact(sent.reference, first, "Li Wei", reason="A private person.", by=admin_user) == 4
    assert redact(sent.reference, first, " 0712 345\r\n", reason="A telephone number.", by=admin_user) == 2
    header, *rows = parsed(exported(audience="public")[0])
    text, proposals = header.index("text"), header.index("proposals")
    assert rows[0][text] == f"Write to {BAR}, {BAR}’s phone is {BAR}.\n{BAR} agrees."
    assert rows[0][proposals] == f"Paragraph: 60\nProposed wording: As {BAR} says\nReason: Ask {BAR}"
    # On another area the same words stand: it was said of this one.
    assert rows[1][text] == "Li Wei again."
    header, *rows = parsed(exported(audience="public", layout="proposals")[0])
    assert rows[0][:4] == ["60", "1", f"As {BAR} says", f"Ask {BAR}"]
    for audience in ("workspace", "full"):
        header, *rows = parsed(exported(audience=audience)[0])
        assert rows[0][header.index("text")] == TEXT
    assert Contribution.objects.get(theme=first).text == TEXT


def test_the_public_compilation_has_the_bars_too(consultation, sent, admin_user, tmp_path):
    import docx

    redact(sent.reference, theme(consultation, 1), "Li Wei", reason="Private.", by=admin_user)
    path = tmp_path / "made.docx"
    call_command(
        *("export", "elements-paper", "--format", "docx", "--audience", "public", "--area", "1", "--to", str(path)),
        stdout=io.StringIO(),
    )
    value = "\n".join(one.text for one in docx.Document(str(path)).paragraphs)
    assert BAR in value
    assert "Li Wei" not in value


def test_a_withheld_contribution_is_in_no_public_export(consultation, sent, admin_user):
    decide_publication(sent, theme(consultation, 3), "withheld", reason="Defames a person.", by=admin_user)
    decide_publication(sent, theme(consultation, 1), "cleared", reason="", by=admin_user)
    _header, *rows = parsed(exported(audience="public")[0])
    assert [row[0] for row in rows] == ["1", "2"]
    assert [row[2] for row in parsed(exported(audience="workspace")[0])[1:]] == ["1", "2", "3"]
    decide_publication(sent, theme(consultation, 1), "withheld", reason="Too.", by=admin_user)
    assert parsed(exported(audience="public", layout="proposals")[0])[1:] == []
    # Cleared never goes beyond the consent.
    none = send(consultation, {4: "Not for anybody."}, consent="none").submission
    decide_publication(none, theme(consultation, 4), "cleared", reason="", by=admin_user)
    decide_publication(sent, theme(consultation, 3), "", reason="", by=admin_user)
    assert [row[0] for row in parsed(exported(audience="public")[0])[1:]] == ["2", "3"]


def test_a_bar_stays_when_the_stakeholder_sends_again(consultation, sent, admin_user):
    redact(sent.reference, theme(consultation, 1), "Li Wei", reason="Private.", by=admin_user)
    send(consultation, {1: "At the end: Li Wei."}, amends=sent.reference)
    header, *rows = parsed(exported(audience="public", submissions=sent.__class__.objects.standing())[0])
    assert [row[header.index("text")] for row in rows] == [f"At the end: {BAR}."]


@pytest.mark.parametrize(
    ("passage", "reason", "refusal"),
    [
        ("", "x", MissingInput),
        (" \n", "x", MissingInput),
        ("Not there", "x", PassageNotFound),
        ("Li Wei", " ", MissingInput),
    ],
)
def test_what_cannot_be_blacked_out(consultation, sent, admin_user, passage, reason, refusal):
    with pytest.raises(refusal):
        redact(sent.reference, theme(consultation, 1), passage, reason=reason, by=admin_user)
    with pytest.raises(MissingInput):
        decide_publication(sent, theme(consultation, 1), "withheld", reason=" ", by=admin_user)
    assert not Redaction.objects.exists()
    assert not PublicationDecision.objects.exists()


def test_the_database_wants_a_reason_too(consultation, sent):
    first = theme(consultation, 1)
    with pytest.raises(IntegrityError, match="redaction_has_a_reason"), transaction.atomic():
        Redaction.objects.create(reference=sent.reference, theme=first, passage="Li Wei", reason=" ")
    with pytest.raises(IntegrityError, match="publication_withheld_for_a_reason"), transaction.atomic():
        PublicationDecision.objects.create(reference=sent.reference, theme=first, read_version=1, decision="withheld")


def test_twice_is_once(consultation, sent, admin_user):
    for _turn in range(2):
        redact(sent.reference, theme(consultation, 1), "Li Wei", reason="Private.", by=admin_user)
    assert Redaction.objects.count() == 1


@pytest.mark.parametrize("verb", ["bar", "withheld"])
def test_a_public_export_made_before_is_not_given_out(admin_client, consultation, sent, admin_user, verb):
    from submissions.export import access, jobs
    from submissions.models import Export
    from tests.export_page import post

    for audience in ("public", "workspace"):
        post(admin_client, audience=audience)
        jobs.make_next()
    public, workspace = (Export.objects.get(audience=audience) for audience in ("public", "workspace"))

    def answer(export) -> int:
        got = admin_client.get(f"/admin/submissions/export/{export.pk}/download/")
        got.close()
        return got.status_code

    assert (answer(public), answer(workspace)) == (200, 200)
    first = theme(consultation, 1)
    if verb == "bar":
        redact(sent.reference, first, "Li Wei", reason="Private.", by=admin_user)
    else:
        decide_publication(sent, first, "withheld", reason="Defames.", by=admin_user)
    assert (answer(public), answer(workspace)) == (302, 200)
    assert access.remove_expired() == 1
    # Asked for again, it is made with the bar and given out.
    post(admin_client, audience="public")
    jobs.make_next()
    assert answer(Export.objects.filter(audience="public").latest("pk")) == 200


@pytest.mark.parametrize(
    ("before", "after", "is_downloadable"),
    [
        ({}, {"consent": "anonymous"}, False),
        ({}, {"consent": "none"}, False),
        ({"consent": "anonymous"}, {"consent": "none"}, False),
        ({"consent": "anonymous"}, {"consent": "named"}, True),
        ({}, {}, True),
    ],
)
def test_an_export_made_before_consent_was_narrowed_is_not_given_out(
    admin_client, consultation, before, after, is_downloadable
):
    from submissions.export import access, jobs
    from submissions.models import Export
    from tests.export_page import post

    first = send(consultation, {1: "A text."}, **before).submission
    for audience in ("public", "workspace"):
        post(admin_client, audience=audience)
        jobs.make_next()
    send(consultation, {1: "A text, changed."}, amends=first.reference, **after)
    given = {one.audience: access.is_downloadable(one) for one in Export.objects.all()}
    assert given == {"public": is_downloadable, "workspace": True}
    assert access.remove_expired() == (0 if is_downloadable else 1)


def test_an_export_made_before_one_text_was_taken_back_from_the_public(admin_client, consultation):
    from submissions.export import access, jobs
    from submissions.models import Export
    from tests.export_page import post

    first = send(consultation, {1: "A text.", 2: "Mine."}).submission
    post(admin_client, audience="public")
    jobs.make_next()
    assert access.is_downloadable(Export.objects.get())
    send(consultation, {1: "A text.", 2: Content("Mine.", (), "none")}, amends=first.reference)
    assert not access.is_downloadable(Export.objects.get())


def test_what_the_public_reads_is_never_read_from_a_replica(admin_client, sent, monkeypatch):
    """A replica that lags may not know of a bar yet."""
    from submissions.export import jobs
    from tests.export_page import post

    asked = []
    snapshot = jobs.snapshot
    monkeypatch.setattr(jobs, "snapshot", lambda alias=None: asked.append(alias) or snapshot("default"))
    for audience in ("public", "workspace"):
        post(admin_client, audience=audience)
        jobs.make_next()
    assert asked == ["default", None]


@pytest.mark.parametrize("layout", ["contributions", "proposals", "stakeholders"])
def test_the_public_reads_no_version_that_was_replaced(admin_client, consultation, layout):
    """Chosen by hand, or with everything that was sent: the last version says how it may go out."""
    rows = (ProposedWording("60", "A link", "Because"),)
    first = send(consultation, {1: Content("A text.", rows)}).submission
    send(consultation, {1: Content("A text.", rows)}, amends=first.reference, consent="none")
    for submissions in (None, Submission.objects.filter(pk=first.pk)):
        header, *public = parsed(exported(layout=layout, audience="public", submissions=submissions)[0])
        assert public == [], header
    assert len(parsed(exported(layout=layout, audience="workspace", submissions=Submission.objects.all())[0])) == 3


def test_asked_for_again_it_holds_no_version_that_was_replaced(admin_client, consultation):
    from submissions.export import access, jobs
    from submissions.models import Export
    from tests.export_page import post

    first = send(consultation, {1: "A text."}).submission
    post(admin_client, f"id__in={first.pk}&standing=all", audience="public")
    jobs.make_next()
    send(consultation, {1: "A text."}, amends=first.reference, consent="none")
    export = Export.objects.get()
    assert not access.is_downloadable(export)
    admin_client.post(f"/admin/submissions/export/{export.pk}/again/")
    jobs.make_next()
    assert Export.objects.latest("pk").rows_done == 0


def test_the_command_reads_for_the_public_where_it_is_decided(consultation, sent, monkeypatch, tmp_path):
    from submissions.management.commands import export as command

    asked = []
    snapshot = command.snapshot
    monkeypatch.setattr(command, "snapshot", lambda alias=None: asked.append(alias) or snapshot("default"))
    for audience in ("public", "workspace"):
        call_command("export", "elements-paper", audience=audience, to=str(tmp_path / f"{audience}.csv"))
    assert asked == ["default", None]


def test_how_long_a_bar_is_cannot_be_counted(consultation, sent, admin_user):
    redact(sent.reference, theme(consultation, 1), "Li Wei", reason="Private.", by=admin_user)
    header, *rows = parsed(exported(audience="public")[0])
    assert [row[header.index("words")] for row in rows] == ["", "3", "1"]
