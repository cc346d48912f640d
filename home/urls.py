"""The addresses of the pages where the rooms meet."""

from django.urls import path

from home import views

app_name = "home"

urlpatterns = [
    path("", views.start, name="start"),
    path("programme/<slug:programme>/", views.programme, name="programme"),
    path("durchlaeufe/<slug:programme>/<slug:run>/", views.run, name="run"),
    path("mein-bereich/", views.desk, name="desk"),
    path("konto/", views.account, name="account"),
    path("impressum/", views.legal_page, {"kind": "imprint"}, name="imprint"),
    path("datenschutz/", views.legal_page, {"kind": "privacy"}, name="privacy"),
    path("barrierefreiheit/", views.legal_page, {"kind": "accessibility"}, name="accessibility"),
]
