"""Beside what is read: passages tagged and blacked out, decisions, flags; on a submission's page and on a theme's."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.utils import translation
from django.utils.translation import gettext

from submissions.models import (
    Campaign,
    EmailConfirmation,
    Highlight,
    Mail,
    PublicationDecision,
    Redaction,
    Tag,
)
from submissions.review import reviewing
from submissions.review.flags.sweep import raise_flags
from submissions.review.passages import marked
from submissions.search.index import index_new
from submissions.sending import confirmation
from submissions.sending.withdraw import withdraw
from tests.factories import FIRST, TEXT, send, theme
from tests.pages import squeezed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LIST = "/admin/submissions/submission/"
READING = "/admin/submissions/contribution/reading/"


@pytest.fixture
def tag(consultation):
    return Tag.objects.create(consultation=consultation, name="Access", colour="green")


def mark(client, sent, verb, **fields):
    result = {"theme": theme(sent.consultation, 1).pk, "passage": "Li Wei", **fields}
    return client.post(f"{LIST}{sent.pk}/passage/", {**result, verb: "1"})


def page_of(client, sent) -> str:
    return client.get(f"{LIST}{sent.pk}/change/").content.decode()


def test_a_passage_is_tagged_and_untagged(client, amina, sent, tag):
    answer = mark(client, sent, "tag-it", tag=tag.pk, passage=" village ")
    assert answer["Location"].startswith(f"{LIST}{sent.pk}/change/#text-{sent.pk}-")
    row = Highlight.objects.get()
    assert (row.passage, row.tag, row.made_by, row.theme.number) == (" village ", tag, amina, 1)
    page = page_of(client, sent)
    assert 'The<mark class="mark-green" title="Access"> village </mark>of' in page
    assert "Tagged, in 1 place." in page
    mark(client, sent, "tag-it", tag=tag.pk, passage=" village ")
    assert Highlight.objects.count() == 1
    client.post(f"{LIST}{sent.pk}/passage/tag/{row.pk}/remove/")
    assert not Highlight.objects.exists()


def test_a_passage_is_blacked_out_and_is_still_read_here(client, amina, sent):
    mark(client, sent, "black-out", reason="A private person.")
    row = Redaction.objects.get()
    assert (row.passage, row.reason, row.made_by) == ("Li Wei", "A private person.", amina)
    page = page_of(client, sent)
    assert "Blacked out, in 3 places." in page
    assert page.count('<s class="blacked" title="A private person.">Li Wei</s>') == 3
    client.post(f"{LIST}{sent.pk}/passage/bar/{row.pk}/remove/")
    assert not Redaction.objects.exists()


@pytest.mark.parametrize(
    ("verb", "fields", "text"),
    [
        ("black-out", {"reason": ""}, "Say why it is blacked out."),
        ("black-out", {"passage": "Not there", "reason": "x"}, "These words are not in this text."),
        ("black-out", {"passage": " ", "reason": "x"}, "Choose a passage"),
        ("tag-it", {}, "Choose a tag for the passage."),
    ],
)
def test_what_is_refused_comes_back_as_it_was_typed(client, amina, sent, verb, fields, text):
    answer = mark(client, sent, verb, **fields)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert text in page
    field = page.partition('<textarea name="passage"')[2].partition("</textarea>")[0]
    assert (fields.get("passage") or "Li Wei").strip() in field
    assert not Redaction.objects.exists()
    assert not Highlight.objects.exists()


@pytest.mark.parametrize(
    ("text", "highlights", "redactions", "shown"),
    [
        ("a <b> c", ["<b>"], [], 'a <mark class="mark-green" title="Access">&lt;b&gt;</mark> c'),
        (
            "one two three",
            ["one two"],
            ["two three"],
            '<mark class="mark-green" title="Access">one </mark><s class="blacked" title="why">'
            '<mark class="mark-green" title="Access">two</mark></s><s class="blacked" title="why"> three</s>',
        ),
        ("nothing", ["absent"], [], "nothing"),
        ("", ["x"], [], ""),
    ],
)
def test_marks_that_overlap_are_drawn_whole(tag, text, highlights, redactions, shown):
    built = marked(
        text,
        [Highlight(tag=tag, passage=one) for one in highlights],
        [Redaction(passage=one, reason="why") for one in redactions],
    )
    assert built == shown


def test_whether_a_text_goes_out_is_decided_with_a_reason(client, amina, sent):
    on = theme(sent.consultation, 2)
    answer = client.post(f"{LIST}{sent.pk}/publication/{on.pk}/", {"decision": "withheld", "reason": " "})
    assert "Say why it is withheld." in answer.content.decode()
    assert not PublicationDecision.objects.exists()
    client.post(f"{LIST}{sent.pk}/publication/{on.pk}/", {"decision": "withheld", "reason": "Defames."})
    row = PublicationDecision.objects.get()
    assert (row.decision, row.reason, row.decided_by) == ("withheld", "Defames.", amina)
    assert "Defames." in page_of(client, sent)
    for query, found in {"withheld": 1, "open": 1, "cleared": 0, "bars": 0, "none": 0}.items():
        listed = client.get(f"/admin/submissions/contribution/?publication={query}").context["cl"]
        assert listed.result_count == found, query
    save_review(client, sent, on, decision="")
    assert not PublicationDecision.objects.exists()


def test_who_wrote_a_withheld_text_is_told_if_the_secretariat_wants(client, amina, sent):
    """In the language of their pages, at an address that was confirmed; and their receipt never says both."""
    on = theme(sent.consultation, 2)
    withheld = {"decision": "withheld", "reason": "Defames."}
    before = set(Mail.objects.values_list("pk", flat=True))
    answer = client.post(f"{LIST}{sent.pk}/publication/{on.pk}/", {**withheld, "tell": "1"}, follow=True)
    assert "Their address is not confirmed" in answer.content.decode()
    assert set(Mail.objects.values_list("pk", flat=True)) == before
    confirmation.confirm(EmailConfirmation.objects.get(submission=sent))
    before = set(Mail.objects.values_list("pk", flat=True))
    save_review(client, sent, on, **withheld)
    assert set(Mail.objects.values_list("pk", flat=True)) == before
    decided = {"reason": "Nuit.", "tell": "1"}
    for decision, count in (("cleared", 0), ("withheld", 1)):
        answer = client.post(
            f"{LIST}{sent.pk}/publication/{on.pk}/",
            {**decided, "version": PublicationDecision.objects.get().version, "decision": decision},
            follow=True,
        )
        assert ("The stakeholder is told by e-mail." in answer.content.decode()) is bool(count)
        assert Mail.objects.exclude(pk__in=before).count() == count
    mail = Mail.objects.exclude(pk__in=before).get()
    # It was sent in French, from no draft that is kept.
    assert mail.recipient == sent.email
    assert "Nuit." in mail.body
    with translation.override("fr"):
        assert mail.body.startswith(gettext("Dear %(name)s,") % {"name": sent.contact_name})
        assert gettext("If you think that this is a mistake, reply to this e-mail and say why.") in mail.body


def save_review(client, sent, on, **text):
    """As on the page: it tells which decision it showed."""
    row = PublicationDecision.objects.filter(reference=sent.reference, theme=on).first()
    return client.post(f"{LIST}{sent.pk}/publication/{on.pk}/", {"version": row.version if row else 0, **text})


@pytest.mark.parametrize("text", [{}, {"decision": "foo"}, {"decision": "withheld", "reason": "a\0b"}])
def test_what_is_not_said_exactly_changes_no_decision(client, amina, sent, text):
    on = theme(sent.consultation, 2)
    save_review(client, sent, on, decision="withheld", reason="Defames.")
    answer = save_review(client, sent, on, **text)
    assert "Choose a decision. Nothing was changed." in answer.content.decode()
    assert PublicationDecision.objects.get().reason == "Defames."


def test_what_was_cleared_is_decided_anew_when_it_is_sent_again(client, amina, sent, consultation):
    """One text as it was and one changed: both are asked for, and the page says which is which."""
    first, second = theme(consultation, 1), theme(consultation, 2)
    save_review(client, sent, first, decision="cleared")
    save_review(client, sent, second, decision="cleared")
    again = send(consultation, {1: FIRST, 2: "Another. And more."}, amends=sent.reference).submission

    def listed() -> dict[str, int]:
        wanted = ("open", "again", "cleared", "withheld")
        pages = (client.get(f"/admin/submissions/contribution/?publication={one}") for one in wanted)
        return dict(zip(wanted, (page.context["cl"].result_count for page in pages), strict=True))

    assert listed() == {"open": 2, "again": 2, "cleared": 0, "withheld": 0}
    page = page_of(client, again)
    assert page.count("That was about version 1; it was sent again since.") == 2
    assert page.count("Every word of this text is the same as when it was decided.") == 1
    assert page.count("This text is not as it was then.") == 1
    save_review(client, again, first, decision="cleared")
    assert listed() == {"open": 1, "again": 1, "cleared": 1, "withheld": 0}
    assert page_of(client, again).count("That was about version 1") == 1
    # What is withheld stays withheld, whatever is sent.
    save_review(client, again, second, decision="withheld", reason="Defames.")
    third = send(consultation, {2: "Another."}, amends=sent.reference).submission
    assert listed() == {"open": 0, "again": 0, "cleared": 0, "withheld": 1}
    assert "it was sent again since" not in page_of(client, third)
    # Whoever still reads the version before clears that one.
    save_review(client, again, second, decision="cleared")
    assert "That was about version 2" in page_of(client, third)
    # The same words under another consent are to be decided anew; what is not to go out is not.
    fourth = send(consultation, {2: "Another."}, amends=sent.reference, consent="anonymous").submission
    page = page_of(client, fourth)
    assert "The stakeholder changed how it may be published. Decide again." in page
    fifth = send(consultation, {2: "Another."}, amends=sent.reference, consent="none").submission
    assert "Decide again." not in page_of(client, fifth)
    assert listed()["again"] == 0


def test_a_decision_is_not_put_over_one_that_nobody_saw(client, amina, sent, admin_user):
    from submissions.review.redaction import decide_publication

    on = theme(sent.consultation, 2)
    decide_publication(sent, on, "withheld", reason="Defames a person.", by=admin_user)
    answer = client.post(f"{LIST}{sent.pk}/publication/{on.pk}/", {"decision": "", "version": "0"})
    assert "admin has decided in the meantime: Withheld. Defames a person." in answer.content.decode()
    assert PublicationDecision.objects.get().decision == "withheld"
    assert f'name="version" value="{PublicationDecision.objects.get().version}"' in answer.content.decode()
    save_review(client, sent, on, decision="cleared")
    assert PublicationDecision.objects.get().decision == "cleared"


def test_a_passage_stands_within_one_field_or_is_none(client, amina, sent):
    for across in (f"{TEXT}\n60", "each village\nLi Wei says so", "x"):
        answer = mark(client, sent, "black-out", passage=across, reason="x")
        assert answer.status_code == 200
    assert not Redaction.objects.exists()


def test_a_bar_that_stands_nowhere_any_more_is_told(client, amina, sent):
    mark(client, sent, "black-out", passage="The village of Li Wei", reason="x")
    assert "It does not occur in this version." not in page_of(client, sent)
    again = send(sent.consultation, {1: "The village of L. Wei has none."}, amends=sent.reference).submission
    assert "It does not occur in this version." in page_of(client, again)


def test_the_stakeholder_reads_what_is_held_back_and_why(client, consultation, admin_user, rf):
    from submissions.drafts import keys, saving
    from submissions.review.redaction import decide_publication, redact
    from themes.intake import database_now

    draft = saving.start_draft(consultation, at=database_now())
    sent = send(consultation, {1: TEXT, 2: "Another."}, key=draft.sending_key).submission
    client.cookies[keys._cookie_name(consultation)] = draft.key
    page = client.get("/elements-paper/receipt/").content.decode()
    assert "black bar" not in page
    redact(sent.reference, theme(consultation, 1), "Li Wei", reason="A private person.", by=admin_user)
    decide_publication(sent, theme(consultation, 2), "withheld", reason="Defames.", by=admin_user)
    answer = client.get("/elements-paper/receipt/")
    page = squeezed(answer)
    (held,) = re.findall(r"<section class=.sent.>(?:(?!</section>).)*does not publish.*?</section>", page)
    assert "Published with the name" not in held
    assert "the following is blacked out" in page
    assert '<q dir="auto">Li Wei</q> Reason: A private person.' in page
    assert "The secretariat does not publish this text.</b> Reason: Defames." in page
    assert "no link.\nLi Wei asks" in answer.content.decode()  # what was sent is what was sent


def test_one_theme_across_all_is_read_whole_in_pages(client, amina, consultation, django_assert_max_num_queries):
    for n in range(23):
        send(consultation, {1: f"Text number {n}.", 2: "Of another theme."}, organisation=f"Organisation {n}")
    on = theme(consultation, 1).pk
    client.get(READING)  # reads the round, which the process keeps
    with django_assert_max_num_queries(23):
        page = client.get(f"{READING}?theme__id__exact={on}")
    shown = page.content.decode()
    assert re.findall(r"Text number (\d+)\.", shown) == [str(n) for n in range(22, 12, -1)]
    assert "Of another theme." not in shown
    assert "What about 1?" in shown
    assert "Page 1 of 3" in shown
    last = client.get(f"{READING}?theme__id__exact={on}&page=3").content.decode()
    assert re.findall(r"Text number (\d+)\.", last) == ["2", "1", "0"]
    index_new()
    found = client.get(f"{READING}?q=%22number+7%22").content.decode()
    assert re.findall(r"Text <mark [^>]*>number (\d+)</mark>\.", found) == ["7"]


def test_the_page_costs_the_same_with_more_texts_and_marks(client, amina, consultation, tag, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(READING)
        return len(captured)

    send(consultation, {1: TEXT})
    queries()  # reads the round, which the process keeps
    few = queries()
    for _turn in range(4):
        sent = send(consultation, {1: TEXT, 2: TEXT}).submission
        for number in (1, 2):
            mark(client, sent, "tag-it", tag=tag.pk, theme=theme(consultation, number).pk)
            mark(client, sent, "black-out", reason="x", theme=theme(consultation, number).pk)
    assert queries() == few


def test_a_verb_goes_back_to_where_it_was_pressed_and_nowhere_else(client, amina, sent, tag):
    on = theme(sent.consultation, 1).pk
    back = f"{READING}?theme__id__exact={on}"
    assert mark(client, sent, "tag-it", tag=tag.pk, back=back)["Location"] == f"{back}#text-{sent.pk}-{on}"
    away = mark(client, sent, "tag-it", tag=tag.pk, back="https://evil.example/admin/")["Location"]
    assert away == f"{LIST}{sent.pk}/change/#text-{sent.pk}-{on}"


def test_merged_tags_keep_their_passages(consultation, sent, tag, admin_user):
    from submissions.review.passages import highlight

    other = Tag.objects.create(consultation=consultation, name="Connectivity")
    on = theme(consultation, 1)
    for one in (tag, other):
        highlight(sent.reference, on, "village", tag=one, by=admin_user)
    highlight(sent.reference, on, "link", tag=other, by=admin_user)
    reviewing.merge_tags(other, tag, by=admin_user)
    assert sorted(Highlight.objects.values_list("passage", "tag__name")) == [("link", "Access"), ("village", "Access")]


def test_a_match_is_shown_in_its_context(client, amina, consultation):
    send(consultation, {1: "Before. " * 20 + "Closing the Dîgital  divide" + " after." * 20})
    send(consultation, {2: "衡量进展应看有意义的连通性，而不仅是网络覆盖。"})
    index_new()
    for query, shown in {
        "%22digital divide%22": "Before. Closing the <mark>Dîgital  divide</mark> after.",
        "连通性": "衡量进展应看有意义的<mark>连通性</mark>，而不仅是网络覆盖。",
    }.items():
        for address in (LIST, "/admin/submissions/contribution/"):
            assert shown in client.get(f"{address}?q={query}").content.decode(), (query, address)


def test_a_group_that_is_gone_says_so(client, amina, consultation):
    letter = "We call for an open network, for libraries with a link, and for funds that last longer than one year."
    sent = [send(consultation, {1: letter + f" {n}"}, organisation=f"Organisation {n}").submission for n in range(3)]
    raise_flags()
    withdraw(sent[0])
    # What was withdrawn is not what the list begins with.
    page = client.get("/admin/submissions/campaign/").content.decode()
    assert f"{letter} 1" in page
    assert f"{letter} 0" not in page
    for one in sent[1:]:
        withdraw(one)
    answer = client.get(f"/admin/submissions/campaign/{Campaign.objects.get().pk}/change/", follow=True)
    assert "This group has changed." in answer.content.decode()


def test_filters_are_kept_under_a_name(client, amina, consultation, sent):
    client.post(f"{LIST}save/", {"name": "Kenya, new", "filters": "review=new&country=KE&p=3", "is_shared": "on"})
    page = client.get(f"{LIST}?country=KE&review=new").content.decode()
    assert '<a href="?country=KE&amp;review=new" aria-current="true">Kenya, new</a>' in page
    # A colleague sees what is shared, and cannot remove it.
    colleague = get_user_model().objects.create_superuser("colleague")
    from submissions.models import SavedFilter

    saved = SavedFilter.objects.get()
    client.force_login(colleague)
    assert "Kenya, new" in client.get(LIST).content.decode()
    assert client.post(f"{LIST}saved/{saved.pk}/remove/").status_code == 404
    client.force_login(amina)
    # What a colleague searched for may be an address: it is not shown to whoever may see none.
    SavedFilter.objects.create(
        of="submission", name="Of Amina", filters="q=amina%40example.org", owner=colleague, is_shared=True
    )
    SavedFilter.objects.create(
        of="submission", name="By address", filters="email__icontains=amina", owner=colleague, is_shared=True
    )
    page = client.get(LIST).content.decode()
    assert "Kenya, new" in page
    assert "Of Amina" not in page
    assert "By address" not in page
    client.force_login(colleague)
    assert "Of Amina" in client.get(LIST).content.decode()
    client.force_login(amina)
    SavedFilter.objects.filter(owner=colleague).delete()
    answer = client.post(f"{LIST}save/", {"name": "Kenya, new", "filters": "country=FR"}, follow=True)
    assert "You have saved filters under this name." in answer.content.decode()
    client.post(f"{LIST}saved/{saved.pk}/remove/")
    assert not SavedFilter.objects.exists()
