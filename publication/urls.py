"""What the public can check, below the consultation's address."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import path, re_path
from django.views.decorators.cache import cache_control

from publication.pages import archive, contributions, heard, news, paragraphs, report
from publication.pages import register as views
from publication.pages.feeds import SITEMAPS, ContributionsFeed, kept

app_name = "publication"

PART = r"(?P<slug>[-\w]+)/register/(?P<late>late/)?"
# As C2SP tlog-tiles has it: a number is cut into groups of three (x001/x234/067), and a tile that is not whole has .p/.
TILE = r"(?P<number>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?"

# An id of a text or of a submission (models/published.py).
PUBLIC_ID = r"(?P<public_id>[0-9a-z]{12})"

IN_PARTS = {"sitemaps": SITEMAPS, "sitemap_url_name": "publication:sitemap"}
kept_an_hour = cache_control(public=True, max_age=3600)

urlpatterns = [
    path(
        "sitemap.xml", kept_an_hour(sitemaps.index), {"sitemaps": SITEMAPS, "sitemap_url_name": "publication:sitemap"}
    ),
    path("sitemap-<slug:section>.xml", kept_an_hour(sitemaps.sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("<slug:slug>/contributions/", contributions.contributions, name="contributions"),
    re_path(rf"^(?P<slug>[-\w]+)/contributions/{PUBLIC_ID}/$", contributions.contribution, name="contribution"),
    re_path(rf"^(?P<slug>[-\w]+)/contributions/{PUBLIC_ID}/report/$", report.report, name="report"),
    path("<slug:slug>/contributions/paragraphs/", paragraphs.paragraphs, name="paragraphs"),
    path("<slug:slug>/contributions/paragraphs/none/", paragraphs.paragraph, name="no-paragraph"),
    path("<slug:slug>/contributions/paragraphs/<int:number>/", paragraphs.paragraph, name="paragraph"),
    path("<slug:slug>/contributions/who-was-heard/", heard.heard, name="heard"),
    path("<slug:slug>/contributions/archive/", archive.archive, name="archive"),
    path("<slug:slug>/contributions/archive.zip", archive.archive_file, name="archive-file"),
    path("<slug:slug>/contributions/dataset.jsonld", archive.dataset, name="dataset"),
    path("<slug:slug>/contributions/feed.atom", kept(ContributionsFeed()), name="feed"),
    path("<slug:slug>/contributions/area-<int:number>.atom", kept(ContributionsFeed()), name="area-feed"),
    path("<slug:slug>/contributions/news/", news.news, name="news"),
    path("<slug:slug>/contributions/news/confirm/<str:token>/", news.confirm_follower, name="confirm-follower"),
    path("<slug:slug>/contributions/news/stop/<str:token>/", news.stop_follower, name="stop-follower"),
    path("<slug:slug>/register/", views.register, name="register"),
    re_path(rf"^{PART}checkpoint$", views.checkpoint, name="checkpoint"),
    re_path(rf"^{PART}checkpoint/(?P<size>[0-9]{{1,12}})$", views.checkpoint, name="checkpoint-of-size"),
    re_path(rf"^{PART}tile/entries/{TILE}$", views.entries, name="entries"),
    re_path(rf"^{PART}tile/(?P<level>[0-9]{{1,2}})/{TILE}$", views.tile, name="tile"),
    re_path(rf"^{PART}consistency/(?P<earlier>[0-9]{{1,12}})\.json$", views.consistency, name="consistency"),
    path("<slug:slug>/register/stamps/<int:number>.tsr", views.stamp, name="stamp"),
    path("<slug:slug>/register/verify.py", views.verifier, name="verifier"),
    path("<slug:slug>/register/verify/", views.verify_here, name="verify"),
    path("<slug:slug>/receipt/inclusion.json", views.inclusion, name="inclusion"),
]
