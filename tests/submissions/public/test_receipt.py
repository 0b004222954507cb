"""The receipt's copies, its sum, and the confirmed address."""

import hashlib
import io
import json
import re

import docx
import pytest
from django.core import mail
from django.test import Client

from submissions.mail import outbox
from submissions.models import Commitment, EmailConfirmation, Submission
from tests.factories import ARABIC, ENGLISH
from tests.visitor import answer_about_you, link_on, proposal_rows, write

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "/elements-paper/"


@pytest.fixture
def sent(client, consultation) -> Submission:
    write(client, 1, ENGLISH)
    write(client, 5, ARABIC, **proposal_rows(("59", "New wording", "A reason")))
    answer_about_you(client)
    client.post(f"{HOME}send/")
    return Submission.objects.get()


def token_in(body) -> str:
    (found,) = re.findall(r"(/elements-paper/confirm/\S+)", body)
    return str(found)


def test_the_canonical_text_gives_the_sum_on_the_receipt(client, sent):
    response = client.get(f"{HOME}receipt.json")
    assert response["Content-Disposition"] == f'attachment; filename="{sent.reference}-1.json"'
    digest = hashlib.sha256(response.content).hexdigest()
    assert digest == sent.content_sha256
    assert digest in client.get(f"{HOME}receipt/").content.decode()
    # Anybody who writes the same JSON by the rule that the page tells gets the same bytes.
    value = json.loads(response.content)
    again = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert again == response.content
    assert value["contributions"][1]["text"] == ARABIC


def test_each_text_is_proven_by_itself(client, sent):
    """With nothing of ours: the file says how, and holds what it takes."""
    page = client.get(f"{HOME}receipt/").content.decode()
    assert f'href="{HOME}receipt.proof.json"' in page
    answer = client.get(f"{HOME}receipt.proof.json")
    assert answer["Content-Disposition"].endswith('.proof.json"')
    proof = json.loads(answer.content)
    digests = [hashlib.sha256(bytes.fromhex(one["salt"]) + one["part"].encode()).digest() for one in proof["parts"]]
    assert [digest.hex() for digest in digests] == [one["digest"] for one in proof["parts"]]
    assert hashlib.sha256(b"".join(digests)).hexdigest() == proof["commitment"] == str(Commitment.objects.get())
    whole = json.loads(client.get(f"{HOME}receipt.json").content)
    assert [json.loads(one["part"]) for one in proof["parts"]] == [
        {"respondent": whole["respondent"]},
        *({"contribution": each} for each in whole["contributions"]),
    ]
    assert (proof["reference"], proof["version"], proof["consultation"]) == (whole["reference"], 1, "elements-paper")


def test_the_copies_hold_everything(client, sent):
    plain = client.get(f"{HOME}receipt.txt").content.decode("utf-8-sig").replace("\r\n", "\n")
    document = docx.Document(io.BytesIO(client.get(f"{HOME}receipt.docx").content))
    word = "\n".join(p.text for p in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert cells == ["Paragraph", "Proposed wording", "Reason", "59", "New wording", "A reason"]
    for part in (sent.reference, sent.content_sha256, "Réseau des bibliothèques", "1. Theme 1", "5. Theme 5"):
        assert part in plain
        assert part in word
    assert ENGLISH in plain
    assert ARABIC in plain
    assert [p.text for p in document.paragraphs if p.text in ENGLISH.split("\n\n")] == ENGLISH.split("\n\n")


def test_arabic_stands_from_the_right_in_the_file(client, sent):
    document = docx.Document(io.BytesIO(client.get(f"{HOME}receipt.docx").content))
    (arabic,) = [p for p in document.paragraphs if p.text == ARABIC.split("\n\n")[0]]
    assert arabic._p.xpath("./w:pPr/w:bidi")
    assert arabic._p.xpath("./w:r/w:rPr/w:rtl")
    (english,) = [p for p in document.paragraphs if p.text == "A third paragraph."]
    assert not english._p.xpath("./w:pPr/w:bidi")


def test_no_copies_for_strangers_or_of_what_was_withdrawn(client, sent):
    for kind in ("docx", "txt", "json"):
        assert Client().get(f"{HOME}receipt.{kind}").status_code == 302
    client.post(f"{HOME}withdraw/")
    for kind in ("docx", "txt", "json"):
        assert client.get(f"{HOME}receipt.{kind}").status_code == 302


def test_the_first_mail_has_the_address_to_confirm_and_the_receipt_follows(client, sent):
    outbox.send_due()
    (notice,) = mail.outbox
    link = link_on(client)
    assert "come-back" not in notice.body
    address = token_in(notice.body)
    # A scanner that opens it confirms nothing.
    scanner = Client()
    page = scanner.get(address).content.decode()
    assert "Yes, this address is mine" in page
    assert EmailConfirmation.objects.get().confirmed_at is None
    assert "not confirmed yet" in client.get(f"{HOME}receipt/").content.decode()
    assert scanner.post(address)["Location"] == address
    first = EmailConfirmation.objects.get().confirmed_at
    assert first is not None
    scanner.post(address)
    assert EmailConfirmation.objects.get().confirmed_at == first
    # One receipt, with the text and the private link.
    outbox.send_due()
    (receipt,) = mail.outbox[1:]
    assert receipt.to == notice.to
    assert link in receipt.body
    assert "New wording" in receipt.body
    assert "/confirm/" not in receipt.body
    page = scanner.get(address).content.decode()
    assert "Your address is confirmed" in page
    assert "The receipt is mailed to it." in page
    assert "not confirmed yet" not in client.get(f"{HOME}receipt/").content.decode()


def test_a_confirmed_address_is_not_asked_again_and_a_new_one_is(client, sent):
    outbox.send_due()
    client.post(token_in(mail.outbox[0].body))
    write(client, 2, "More.")
    client.post(f"{HOME}send/")
    outbox.send_due()
    assert len(mail.outbox) == 3
    assert "/confirm/" not in mail.outbox[2].body
    assert "More." in mail.outbox[2].body
    assert "not confirmed yet" not in client.get(f"{HOME}receipt/").content.decode()
    from tests.visitor import ANSWERS

    client.post(f"{HOME}about-you/", {**ANSWERS, "email": "new@example.org"})
    client.post(f"{HOME}send/")
    outbox.send_due()
    assert mail.outbox[3].to == ["new@example.org"]
    assert "/confirm/" in mail.outbox[3].body
    assert "not confirmed yet" in client.get(f"{HOME}receipt/").content.decode()


def test_a_wrong_token_confirms_nothing(client, sent):
    response = client.get(f"{HOME}confirm/wrong/")
    assert response.status_code == 404
    assert "counts all the same" in response.content.decode()
    assert client.post(f"{HOME}confirm/wrong/").status_code == 404


def test_the_secretariat_sees_which_are_confirmed(client, admin_client, sent):
    listed = "/admin/submissions/submission/"
    assert sent.reference in admin_client.get(f"{listed}?confirmed=no").content.decode()
    assert sent.reference not in admin_client.get(f"{listed}?confirmed=yes").content.decode()
    outbox.send_due()
    client.post(token_in(mail.outbox[0].body))
    assert sent.reference in admin_client.get(f"{listed}?confirmed=yes").content.decode()
    page = admin_client.get(f"{listed}{sent.pk}/change/").content.decode()
    assert "New wording" in page


def test_the_key_is_in_no_page_but_its_own(client, sent):
    key = link_on(client).partition("#")[2]
    for path in ("", "receipt/", "draft/", "send/", "themes/1/", "about-you/", "offline/", "receipt.txt", "draft.txt"):
        assert key not in client.get(HOME + path).content.decode("utf-8-sig", "replace")
