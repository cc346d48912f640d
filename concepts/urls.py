"""The addresses of concepts."""

from django.urls import path
from django.views.decorators.http import conditional_page, require_safe

from concepts import views
from concepts.feeds import ConceptFeed

app_name = "concepts"

urlpatterns = [
    path("konzepte/", views.concept_list, name="list"),
    path("konzepte/atom/", require_safe(conditional_page(ConceptFeed())), name="feed"),
    path("konzepte/<slug:programme>/<slug:run>/<slug:slug>/", views.concept_detail, name="detail"),
]
