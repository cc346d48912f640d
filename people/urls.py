"""The addresses of this room: people are shown on the pages of the rooms further left."""

from django.urls import URLPattern

app_name = "people"

urlpatterns: list[URLPattern] = []
