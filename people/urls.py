"""The addresses of this app: what was typed and kept, and the second factor."""

from django.urls import URLPattern, path

from people import views

app_name = "people"

urlpatterns: list[URLPattern] = [
    path("konto/eingaben/", views.kept, name="kept"),
    path("konto/zweiter-faktor-noetig/", views.second_factor, name="second_factor"),
]
