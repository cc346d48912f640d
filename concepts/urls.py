"""The addresses of this room."""

app_name = "concepts"

urlpatterns = []
