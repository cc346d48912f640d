"""The addresses of the press room and the guideline."""

from django.urls import path
from django.views.decorators.http import conditional_page, require_safe

from publications import views
from publications.feeds import PressFeed

app_name = "publications"

urlpatterns = [
    path("presse/", views.press_room, name="press_room"),
    path("presse/atom/", require_safe(conditional_page(PressFeed())), name="press_feed"),
    path("presse/<slug:programme>/<slug:slug>/", views.press_release, name="press_release"),
    path(
        "presse/<slug:programme>/<slug:slug>/pdf/",
        views.press_release_pdf,
        name="press_release_pdf",
    ),
    path(
        "presse/<slug:programme>/<slug:slug>/druck/",
        views.press_release_print,
        name="press_release_print",
    ),
    path("leitfaden/", views.guideline_list, name="guideline_list"),
    path("leitfaden/<slug:programme>/<slug:slug>/", views.guideline, name="guideline"),
    path(
        "leitfaden/<slug:programme>/<slug:slug>/<int:number>/pdf/",
        views.edition_pdf,
        name="edition_pdf",
    ),
    path(
        "leitfaden/<slug:programme>/<slug:slug>/<int:number>/druck/",
        views.edition_print,
        name="edition_print",
    ),
]
