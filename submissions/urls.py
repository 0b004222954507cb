"""The public side, below the consultation's address."""

from django.conf import settings
from django.urls import path, re_path

from submissions.public import (
    about_you,
    area,
    confirmation,
    consents,
    draft_files,
    home,
    late_access,
    offline,
    offline_check,
    private_link,
    receipt,
    send,
    stop_reminders,
    withdrawal,
    wording,
)
from themes import views as themes

app_name = "submissions"
# What is none of these is no address of ours.
LANGUAGE = "|".join(code for code, _name in settings.LANGUAGES)

urlpatterns = [
    path("", home.home, name="home"),
    path("<slug:slug>/", home.consultation, name="consultation"),
    path("<slug:slug>/deadline.ics", themes.deadline_entry, name="deadline-entry"),
    path("<slug:slug>/wording/", wording.wording, name="wording"),
    # the draft
    path("<slug:slug>/themes/<int:number>/", area.area, name="write"),
    path("<slug:slug>/about-you/", about_you.about_you, name="about-you"),
    path("<slug:slug>/come-back/", private_link.come_back, name="come-back"),
    path("<slug:slug>/come-back/mail/", private_link.mail_link, name="mail-link"),
    path("<slug:slug>/come-back/reminders/", private_link.reminders, name="reminders"),
    path("<slug:slug>/come-back/new-link/", private_link.renew, name="new-link"),
    path("<slug:slug>/reminders/<str:token>/", stop_reminders.stop_reminders, name="stop-reminders"),
    path("<slug:slug>/come-back/finish/", private_link.finish, name="finish"),
    # on paper and back
    path("<slug:slug>/draft/", draft_files.whole_draft, name="whole"),
    re_path(r"^(?P<slug>[-\w]+)/draft\.(?P<kind>docx|txt)$", draft_files.draft_file, name="draft-file"),
    path("<slug:slug>/offline/", offline.offline, name="offline"),
    path("<slug:slug>/offline/keep/", offline_check.keep, name="offline-store"),
    re_path(
        rf"^(?P<slug>[-\w]+)/template-(?P<language>{LANGUAGE})\.(?P<kind>docx|txt)$",
        draft_files.template_file,
        name="template-file",
    ),
    # sending
    path("<slug:slug>/publication/", consents.consents, name="publication"),
    path("<slug:slug>/send/", send.send, name="send"),
    path("<slug:slug>/late/<str:token>/", late_access.late, name="late"),
    # after sending
    path("<slug:slug>/receipt/", receipt.receipt, name="receipt"),
    re_path(
        r"^(?P<slug>[-\w]+)/receipt\.(?P<kind>docx|txt|json|proof\.json)$", receipt.receipt_file, name="receipt-copy"
    ),
    path("<slug:slug>/confirm/<str:token>/", confirmation.confirm, name="confirm"),
    path("<slug:slug>/withdraw/", withdrawal.withdrawal, name="withdraw"),
    path("<slug:slug>/another/", receipt.another, name="another"),
]
