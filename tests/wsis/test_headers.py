"""What every answer carries, whoever gives it: a page, an error, a redirect, the workspace."""

import pytest


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
