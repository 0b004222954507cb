"""The public side, below the consultation's address."""

from django.urls import path

from submissions import views
from submissions.drafts import views as desk

app_name = "submissions"

urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:slug>/", views.home, name="consultation"),
    # the desk
    path("<slug:slug>/themes/<int:number>/", desk.write, name="write"),
    path("<slug:slug>/about-you/", desk.about_you, name="about-you"),
    # the letterbox
    path("<slug:slug>/send/", views.send, name="send"),
    path("<slug:slug>/receipt/", views.receipt, name="receipt"),
    path("<slug:slug>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:slug>/another/", views.another, name="another"),
]
