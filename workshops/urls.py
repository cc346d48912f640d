"""The addresses of this room."""

app_name = "workshops"

urlpatterns = []
