"""The addresses of this room."""

from django.urls import path

from workshops import views

app_name = "workshops"

urlpatterns = [
    path("mein-bereich/durchlauf/<slug:programme>/<slug:slug>/", views.run, name="run"),
    path("mein-bereich/aufgaben/<int:pk>/", views.task, name="task"),
    path("mein-bereich/aufgaben/<int:pk>/beginnen/", views.output_start, name="start"),
    path("mein-bereich/ergebnisse/<int:pk>/", views.output, name="output"),
    path("mein-bereich/ergebnisse/<int:pk>/bearbeiten/", views.output_edit, name="edit"),
    path("mein-bereich/ergebnisse/<int:pk>/zurueckholen/", views.output_unsubmit, name="unsubmit"),
    path("mein-bereich/ergebnisse/<int:pk>/annehmen/", views.output_accept, name="accept"),
    path("mein-bereich/ergebnisse/<int:pk>/zurueckgeben/", views.output_return, name="return"),
    path("mein-bereich/dateien/<int:pk>/", views.attachment, name="attachment"),
]
