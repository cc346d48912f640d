"""The addresses of this room."""

app_name = "publications"

urlpatterns = []
