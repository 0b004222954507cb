"""The public side, below the consultation's address."""

from django.urls import path, re_path

from submissions import receipts, views
from submissions.admission.views import late
from submissions.drafts import come_back, offline
from submissions.drafts import views as desk
from themes import views as themes

app_name = "submissions"

urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:slug>/", views.home, name="consultation"),
    path("<slug:slug>/deadline.ics", themes.deadline_entry, name="deadline-entry"),
    # the desk
    path("<slug:slug>/themes/<int:number>/", desk.write, name="write"),
    path("<slug:slug>/about-you/", desk.about_you, name="about-you"),
    path("<slug:slug>/come-back/", come_back.come_back, name="come-back"),
    path("<slug:slug>/come-back/mail/", come_back.mail_link, name="mail-link"),
    path("<slug:slug>/come-back/reminders/", come_back.reminders, name="reminders"),
    path("<slug:slug>/come-back/finish/", come_back.finish, name="finish"),
    # on paper and back
    path("<slug:slug>/draft/", offline.whole, name="whole"),
    re_path(r"^(?P<slug>[-\w]+)/draft\.(?P<kind>docx|txt)$", offline.draft_file, name="draft-file"),
    path("<slug:slug>/offline/", offline.offline, name="offline"),
    path("<slug:slug>/offline/keep/", offline.store, name="offline-store"),
    re_path(
        r"^(?P<slug>[-\w]+)/template-(?P<language>[a-z-]{2,8})\.(?P<kind>docx|txt)$",
        offline.template_file,
        name="template-file",
    ),
    # the letterbox
    path("<slug:slug>/publication/", views.publication, name="publication"),
    path("<slug:slug>/send/", views.send, name="send"),
    path("<slug:slug>/late/<str:token>/", late, name="late"),
    # after sending
    path("<slug:slug>/receipt/", receipts.receipt, name="receipt"),
    re_path(r"^(?P<slug>[-\w]+)/receipt\.(?P<kind>docx|txt|json)$", receipts.receipt_copy, name="receipt-copy"),
    path("<slug:slug>/confirm/<str:token>/", receipts.confirm, name="confirm"),
    path("<slug:slug>/withdraw/", receipts.withdraw, name="withdraw"),
    path("<slug:slug>/another/", receipts.another, name="another"),
]
