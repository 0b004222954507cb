"""The site map."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from wsis import languages, metrics, pages

admin.site.site_header = _("WSIS+20 consultation: secretariat")
admin.site.site_title = _("Secretariat")
admin.site.index_title = _("Secretariat workspace")
admin.site.enable_nav_sidebar = False  # the lists need the width
admin.site.site_url = settings.PUBLIC_URL + "/"

urlpatterns = [
    path("health/", pages.health, name="health"),
    path("metrics/", metrics.metrics, name="metrics"),
    path("", include("privacy.urls")),
    path("how-the-deadline-works/", pages.deadline, name="deadline"),
    path("help/", pages.help_page, name="help"),
    path("language/", languages.choose, name="language"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("publication.api.urls")),
    path("", include("publication.urls")),
    # the public: /, /<consultation>/, and below it the draft, the sending and the receipt
    path("", include("submissions.urls")),
]

handler400 = "wsis.pages.bad_request"
handler403 = "wsis.pages.permission_denied"
handler404 = "wsis.pages.page_not_found"
handler500 = "wsis.pages.server_error"
