"""Handing out a printed file. The caller has checked that the reader may have it."""

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.http import content_disposition_header

from documents.models import Artefact


def artefact_response(
    artefact: Artefact, *, as_attachment: bool = True, is_public: bool = False
) -> HttpResponseBase:
    """Return the file, or the way to it where the storage hands files out itself (S3).

    `is_public` is for what is published: only that may stay in a cache.
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
    response = FileResponse(
        default_storage.open(artefact.key),
        as_attachment=as_attachment,
        filename=artefact.job.filename,
        content_type=artefact.media_type,
        headers={
            "Content-Length": str(artefact.size),
            "ETag": f'"{artefact.sha256}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
    response["Cache-Control"] = "public, max-age=300" if is_public else "private, no-store"
    return response
