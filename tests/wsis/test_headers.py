"""What every answer carries, whoever gives it: a page, an error, a redirect, the workspace."""

import pytest

from wsis import gunicorn


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/elements-paper/", "/nothing/here/", "/health/", "/admin/", "/admin/login/", "/privacy/"]
)
def test_every_answer_says_what_no_page_may(client, seeded, path):
    answer = client.get(path)
    assert "camera=()" in answer["Permissions-Policy"]
    assert "geolocation=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_nobody_is_told_which_program_answers():
    class Answer:
        version, status, headers, chunked, must_close = "gunicorn/1", "200 OK", [], False, True
        req = type("Request", (), {"version": (1, 1)})

        def should_close(self):
            return True

        def is_chunked(self):
            return False

        upgrade = False

    lines = gunicorn._headers_without_server(Answer())
    assert [line for line in lines if line.lower().startswith("server")] == []
    # Without us it would be there.
    assert [line for line in gunicorn._default_headers(Answer()) if line.startswith("Server:")] != []
