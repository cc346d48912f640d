"""The request as the server hands it over, read as UTF-8 whatever it says of itself."""

from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters


class Utf8Request(WSGIRequest):
    """A request that is always made: the middleware then refuses another encoding with a page.

    Django takes the encoding that a request names while it makes it. One that is no text
    (charset=hex) raises there, before anything could answer.
    """

    def _set_content_type_params(self, meta):
        self.content_type, self.content_params = parse_header_parameters(
            meta.get("CONTENT_TYPE", "")
        )
