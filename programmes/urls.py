"""The addresses of this room."""

from django.urls import path, re_path

from programmes.views import consents, invitation, public

app_name = "programmes"

urlpatterns = [
    path("programme/", public.programme_list, name="list"),
    path("durchlaeufe/", public.run_list, name="run_list"),
    re_path(r"^farbe/(?P<colour>[0-9a-f]{6})\.css$", public.accent, name="accent"),
    path("konto/einwilligungen/", consents.consents, name="consents"),
    path("konto/einwilligungen/<int:pk>/", consents.answer, name="consent_answer"),
    path("einladung/", invitation.invitation, {"token": ""}, name="invitation_cut_off"),
    path("einladung/<str:token>/", invitation.invitation, name="invitation"),
]
