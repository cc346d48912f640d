"""The addresses of this room."""

app_name = "programmes"

urlpatterns = []
