"""Handing out a printed file. The caller has checked that the reader may have it."""

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseBase, HttpResponseRedirect
from django.utils.http import content_disposition_header

from documents.models import Artefact

logger = logging.getLogger(__name__)


def artefact_response(
    artefact: Artefact, *, as_attachment: bool = True, is_public: bool = False
) -> HttpResponseBase:
    """Return the file, or the way to it where the storage hands files out itself (S3).

    `is_public` is for what is published: only that may stay in a cache, which asks each time
    whether it still may be handed out. Raises Http404 if the file is gone.
    """
    disposition = content_disposition_header(as_attachment, artefact.job.filename)
    if getattr(default_storage, "querystring_auth", False):
        parameters = {
            "ResponseContentDisposition": disposition,
            "ResponseContentType": artefact.media_type,
        }
        # Signed for a minute, made anew for each request that passed the gate.
        response: HttpResponseBase = HttpResponseRedirect(
            default_storage.url(artefact.key, parameters=parameters)  # type: ignore[call-arg]
        )
        response["Cache-Control"] = "private, no-store"
        return response
    try:
        file = default_storage.open(artefact.key)
    except FileNotFoundError as error:
        logger.error("The file of artefact %s is gone: %s", artefact.pk, artefact.key)
        raise Http404 from error
    response = FileResponse(
        file,
        as_attachment=as_attachment,
        filename=artefact.job.filename,
        content_type=artefact.media_type,
        headers={
            "Content-Length": str(artefact.size),
            "ETag": f'"{artefact.sha256}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
    response["Cache-Control"] = "public, no-cache" if is_public else "private, no-store"
    return response
