from django.urls import path

from privacy import views

urlpatterns = [path("privacy/", views.notice, name="privacy")]
