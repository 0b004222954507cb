"""An install from before: its apps and recovery codes go on, sealed and hashed; the plain ones are gone."""

import importlib
from base64 import b32encode

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection

from accounts.models import AuthenticatorApp, RecoveryCodes

BEFORE = """
CREATE TABLE otp_totp_totpdevice (id bigint, user_id int, key text, last_t bigint, confirmed boolean);
CREATE TABLE otp_static_staticdevice (id bigint, user_id int);
CREATE TABLE otp_static_statictoken (id bigint, device_id bigint, token text);
INSERT INTO otp_totp_totpdevice VALUES (1, {user}, '{key}', 7, true), (2, {user}, '{key}', -1, false);
INSERT INTO otp_static_staticdevice VALUES (1, {user});
INSERT INTO otp_static_statictoken VALUES (1, 1, 'abcdefgh'), (2, 1, 'ijklmnop');
"""


@pytest.mark.django_db(transaction=True)
def test_what_was_there_is_taken_over(owner):
    user = get_user_model().objects.create_user("boss")
    key = bytes(range(20)).hex()
    with connection.cursor() as cursor:
        cursor.execute(BEFORE.format(user=user.pk, key=key))
    take_over = importlib.import_module(".0002_second_factor", "accounts.migrations").take_over
    with connection.schema_editor() as editor:
        take_over(apps, editor)
    app = AuthenticatorApp.objects.get()
    assert (app.user, app.secret.hex(), app.last_step, app.confirmed) == (user, key, 7, True)
    assert b32encode(app.secret).decode() not in app.sealed_secret
    codes = RecoveryCodes.objects.get()
    assert [codes.verify_token(code) for code in ("abcdefgh", "ijklmnop")] == [True, True]
    assert not codes.verify_token("abcdefgh")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename ~ '^otp_'")
        assert cursor.fetchone() == (0,)
    # A fresh install has nothing of it.
    with connection.schema_editor() as editor:
        take_over(apps, editor)
