"""Below /api/v1/, with its description in openapi.json."""

from publication.api.views import api

urlpatterns, _app, app_name = api.urls
