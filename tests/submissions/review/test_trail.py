"""The trail is a chain: whoever changes, removes or slips in a row is found, the owner included."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from privacy import retention
from privacy.models import Retention
from submissions.mail import checkpoints
from submissions.models import Checkpoint, Mail, Review, TrailLink
from submissions.review.trail import verify
from tests.roles import owner_connection
from tests.source import APPS
from tests.threads import at_once
from themes.intake import database_now

pytestmark = pytest.mark.django_db(transaction=True)


def review(consultation, *numbers: int) -> None:
    for number in numbers:
        Review.objects.create(consultation=consultation, reference=f"AAAA-AAAA-{number:04}", state="in-review")


def as_owner_in_sql(*statements: str) -> None:
    """With every guard off, as the owner may."""
    with owner_connection() as owner:
        owner.execute("SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, false) FROM pg_trigger")
        for statement in statements:
            owner.execute(statement)


def verified(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("verify_trail", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_every_table_of_the_history_is_chained():
    with owner_connection() as owner:
        tables = dict(
            owner.execute(
                """
                SELECT tgrelid::regclass::text, bool_or(tgname = 'trail_link') FROM pg_trigger
                WHERE tgrelid::regclass::text LIKE '%event' GROUP BY 1
                """
            ).fetchall()
        )
    assert len(tables) >= 20
    assert {name.partition("_")[0] for name in tables} <= set(APPS)
    assert [name for name, is_chained in tables.items() if not is_chained] == []


def test_a_whole_trail(consultation):
    review(consultation, 1, 2)
    Review.objects.update(state="reviewed")
    links = TrailLink.objects.count()
    assert links >= 4
    assert verified() == [
        f"{links} links, each over the one before.",
        f"{links} rows as written.",
        "0 rows without what was erased.",
        "0 rows removed when the period was over.",
    ]


@pytest.mark.parametrize(
    ("forgery", "found"),
    [
        ("UPDATE submissions_reviewevent SET state = 'set-aside' WHERE reference LIKE '%2'", "was changed"),
        ("DELETE FROM submissions_reviewevent WHERE reference LIKE '%2'", "is missing"),
        (
            "DELETE FROM submissions_reviewevent WHERE reference LIKE '%2'; DELETE FROM submissions_traillink"
            " WHERE id = (SELECT max(id) - 1 FROM submissions_traillink)",
            "does not follow the one before",
        ),
        (
            "ALTER TABLE submissions_reviewevent DISABLE TRIGGER trail_link; CREATE TEMP TABLE copy AS SELECT * FROM"
            " submissions_reviewevent WHERE reference LIKE '%2'; UPDATE copy SET pgh_id = pgh_id + 1000;"
            " INSERT INTO submissions_reviewevent SELECT * FROM copy;"
            " ALTER TABLE submissions_reviewevent ENABLE TRIGGER trail_link",
            "was slipped in",
        ),
        ("UPDATE submissions_traillink SET row_sha256 = repeat('0', 64) WHERE event_id = "
         "(SELECT min(pgh_id) FROM submissions_reviewevent) AND event_table = 'submissions_reviewevent'",
         "does not follow the one before"),
    ],
)  # fmt: skip
def test_a_forgery_is_found(consultation, forgery, found):
    review(consultation, 1, 2, 3)
    assert verified()[1].endswith("rows as written.")
    as_owner_in_sql(*forgery.split(";"))
    with pytest.raises(CommandError, match=found):
        verified()


def test_a_chain_that_was_made_anew_is_found_by_a_checkpoint(consultation, settings):
    settings.OPERATOR_EMAIL = "operator@example.org"
    review(consultation, 1, 2)
    assert checkpoints.write_due_checkpoint()
    assert not checkpoints.write_due_checkpoint()
    checkpoint, mail = Checkpoint.objects.get(), Mail.objects.get()
    assert mail.recipient == "operator@example.org"
    command = f"manage.py verify_trail --checkpoint {checkpoint.link} {checkpoint.sha256}"
    assert command in mail.body
    review(consultation, 3)
    assert verified("--checkpoint", str(checkpoint.link), checkpoint.sha256)[1] == (
        f"Link {checkpoint.link} is as at the checkpoint."
    )
    # The owner, who can do everything, changes a row and computes every link anew: the chain is whole again.
    as_owner_in_sql(
        "UPDATE submissions_reviewevent SET state = 'set-aside' WHERE reference LIKE '%1'",
        "UPDATE submissions_traillink l SET row_sha256 = submissions_row_sha256(to_jsonb(e))"
        " FROM submissions_reviewevent e WHERE l.event_table = 'submissions_reviewevent' AND l.event_id = e.pgh_id",
        """
        DO $$ DECLARE one record; before text := ''; BEGIN
            FOR one IN SELECT * FROM submissions_traillink ORDER BY id LOOP
                before := submissions_link_sha256(before, one.event_table, one.event_id, one.row_sha256);
                UPDATE submissions_traillink SET sha256 = before WHERE id = one.id;
            END LOOP;
        END $$
        """,
    )
    assert verified()[1].endswith("rows as written.")
    with pytest.raises(CommandError, match="at the checkpoint"):
        verified("--checkpoint", str(checkpoint.link), checkpoint.sha256)
    with pytest.raises(CommandError, match="is missing"):
        verified("--checkpoint", "999999999", checkpoint.sha256)
    with pytest.raises(CommandError, match="no number of a link"):
        verified("--checkpoint", "x", "y")


def test_two_at_once_are_one_after_the_other(consultation):
    """Each writes in a transaction of its own: no two links follow the same one."""
    at_once(*[lambda number=number: review(consultation, number) for number in range(20)])
    assert verified()[0] == f"{TrailLink.objects.count()} links, each over the one before."
    assert Review.objects.count() == 20


def test_what_was_removed_when_its_period_was_over_is_no_gap(consultation, settings):
    review(consultation, 1)
    old = database_now() - settings.TRAIL_KEPT - timedelta(days=1)
    as_owner_in_sql(
        f"UPDATE submissions_reviewevent SET pgh_created_at = '{old.isoformat()}'",
        "UPDATE submissions_traillink l SET row_sha256 = submissions_row_sha256(to_jsonb(e)) FROM"
        " submissions_reviewevent e WHERE l.event_table = 'submissions_reviewevent' AND l.event_id = e.pgh_id",
        f"UPDATE submissions_traillink SET linked_at = '{old.isoformat()}'",
        """
        DO $$ DECLARE one record; before text := ''; BEGIN
            FOR one IN SELECT * FROM submissions_traillink ORDER BY id LOOP
                before := submissions_link_sha256(before, one.event_table, one.event_id, one.row_sha256);
                UPDATE submissions_traillink SET sha256 = before WHERE id = one.id;
            END LOOP;
        END $$
        """,
    )
    assert retention.sweep()[Retention.Kind.TRAIL] == 1
    assert verified()[-1] == "1 rows removed when the period was over."


def test_without_an_address_a_checkpoint_is_kept_and_nobody_is_mailed():
    assert checkpoints.write_due_checkpoint()
    assert (Checkpoint.objects.get().sha256, Mail.objects.count()) == ("", 0)


def test_a_whole_trail_is_one_reading(consultation, django_assert_max_num_queries):
    review(consultation, *range(10))
    with django_assert_max_num_queries(60):
        list(verify())
