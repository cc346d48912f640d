"""Pictures: kept bit for bit where that can be, drawn anew where it must be.

A picture keeps its coded pixels and loses everything else (place, author, previews, what hangs
behind it). Drawn anew are: what lies on its side, what has another colour space than sRGB, JPEG of
too many pixels, HEIC (which many programs do not open), and what is something else as well.

One picture at a time in a process, and none takes more than MAX_DRAWN_BYTES twice.
"""

import io
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import pillow_heif
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageCms, ImageFile, ImageOps
from PIL.JpegImagePlugin import get_sampling

from texts.uploads.refusals import FileRefused, damaged, too_many_pixels
from texts.uploads.wrappers import rewrap

MAX_SIDE = 30_000
# A decoded picture: 25 million pixels in colour, four times as many in grey.
MAX_DRAWN_BYTES = 100_000_000
# Decoding takes 15 bytes a pixel in WebP and 7.5 in HEIC, whatever the picture shows.
MAX_PIXELS = {"WEBP": 12_600_000, "HEIF": 25_000_000}
# JPEG is drawn smaller while it is decoded; progressive JPEG waits for all its coefficients.
MAX_JPEG_PIXELS = 110_000_000
MAX_PROGRESSIVE_PIXELS = 30_000_000
# The check of the size comes before the pixels: Pillow refuses above twice this figure.
Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS
SAVING = {
    "PNG": {"compress_level": 2},  # more would take seconds for a large screenshot
    "JPEG": {"quality": 93},
    "WEBP": {"quality": 93},
}
BYTES_A_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}
ORIENTATION = 0x0112
# How far a colour may be from sRGB, of 255 steps, before the picture is converted.
SAME_COLOUR = 2

IMAGES = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP", "heic": "HEIF"}
_one_at_a_time = Lock()

# What Pillow raises for broken files besides its own UnidentifiedImageError (an OSError).
BROKEN_IMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    RuntimeError,
    TypeError,
    MemoryError,
    struct.error,
    zlib.error,
)


def checked_picture(upload: UploadedFile, name: str, extension: str) -> tuple[ContentFile, str]:
    """The picture as it may be kept, and the extension of the format it has now."""
    kind = IMAGES[extension]
    try:
        with _whole_images():
            if kind == "HEIF":
                return _from_heic(upload, name)
            raw = upload.read()
            return ContentFile(_kept_or_drawn(raw, kind, name), name=name), extension
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels(name, MAX_JPEG_PIXELS // 1_000_000) from error
    except FileRefused:
        raise
    except BROKEN_IMAGE as error:
        raise damaged(name) from error


@contextmanager
def _whole_images() -> Iterator[None]:
    """Refuse cut-off pictures, also in a process where a library has told Pillow to take them.

    One picture at a time: what one takes, the others of the process do not.
    """
    with _one_at_a_time:
        tolerant = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = tolerant


def _kept_or_drawn(raw: bytes, kind: str, name: str) -> bytes:
    # What Pillow has to read: no text that unpacks to 200 MB, nothing of other programs.
    raw = rewrap(raw, kind, notes=True, profile=True)
    with Image.open(io.BytesIO(raw), formats=[kind]) as image:
        _check_size(image, kind, name)
        keeps_profile = _has_more_than_8_bits(raw, kind) or getattr(image, "is_animated", False)
        profile = None if keeps_profile else _foreign_profile(image)
        if not (profile or _lies_on_its_side(image) or image.mode == "CMYK" or _is_large(image)):
            kept = rewrap(raw, kind, notes=False, profile=keeps_profile)
            if not zipfile.is_zipfile(io.BytesIO(kept)):
                _decode(kept, kind)
                return kept
        return _drawn(image, kind, profile)


def _check_size(image: Image.Image, kind: str, name: str) -> None:
    if kind == "PNG":
        limit = MAX_DRAWN_BYTES // BYTES_A_PIXEL.get(image.mode, 4)
    elif kind == "JPEG":
        limit = MAX_PROGRESSIVE_PIXELS if "progressive" in image.info else MAX_JPEG_PIXELS
    else:
        limit = MAX_PIXELS[kind]
    if image.width * image.height > limit or max(image.size) > MAX_SIDE:
        raise too_many_pixels(name, limit // 1_000_000)


def _has_more_than_8_bits(raw: bytes, kind: str) -> bool:
    """PNG says so in its first piece; Pillow keeps 16 bits of grey only."""
    return kind == "PNG" and raw[24] > 8


def _lies_on_its_side(image: Image.Image) -> bool:
    # Where there are no notes, Pillow would draw a PNG to look behind its pixels.
    return "exif" in image.info and image.getexif().get(ORIENTATION, 1) not in (0, 1)


def _is_large(image: Image.Image) -> bool:
    """Too large to be kept as it is; only a JPEG comes this far."""
    return image.width * image.height * BYTES_A_PIXEL.get(image.mode, 4) > MAX_DRAWN_BYTES


def _decode(kept: bytes, kind: str) -> None:
    """Read every pixel, so that what is damaged is found now; a JPEG at an eighth of its size."""
    with Image.open(io.BytesIO(kept), formats=[kind]) as image:
        image.draft(None, (1, 1))
        image.load()


def _foreign_profile(image: Image.Image) -> ImageCms.ImageCmsProfile | None:
    """The colour profile of a picture whose colours are not those of sRGB.

    A profile that cannot be read counts as none, as in every browser.
    """
    content = image.info.get("icc_profile")
    if not content:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(content))
        if image.mode in {"P", "RGBA", "RGB"}:
            return None if _is_like_srgb(profile, "RGB") else profile
        if image.mode in {"L", "LA"}:
            return None if _is_like_srgb(profile, "L") else profile
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    return profile if image.mode == "CMYK" else None


def _is_like_srgb(profile: ImageCms.ImageCmsProfile, mode: str) -> bool:
    """Compare a ramp of each colour with what the profile makes of it."""
    ramp = Image.linear_gradient("L")
    if mode == "RGB":
        zero = Image.new("L", ramp.size)
        bands = [(ramp, zero, zero), (zero, ramp, zero), (zero, zero, ramp), (ramp, ramp, ramp)]
        ramps = [Image.merge("RGB", three) for three in bands]
    else:
        ramps = [ramp]
    for before in ramps:
        after = _in_srgb(before.copy(), profile)
        wanted = before.convert(after.mode)
        pairs = zip(wanted.tobytes(), after.tobytes(), strict=True)
        if any(abs(one - other) > SAME_COLOUR for one, other in pairs):
            return False
    return True


def _in_srgb(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    """The picture in the colours that screens show; grey stays grey."""
    if image.mode == "P":
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode == "LA":
        grey, alpha = image.split()
        return Image.merge("LA", (_in_srgb(grey, profile), alpha))
    target = ImageCms.createProfile("sRGB")
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    in_place = image.mode in {"RGB", "RGBA"}
    converted: Image.Image | None = ImageCms.profileToProfile(
        image, profile, target, intent, None if in_place else "RGB", in_place, flags
    )
    if converted is None:  # done in place
        return image
    return converted.convert("L") if image.mode == "L" else converted


def _drawn(image: Image.Image, kind: str, profile: ImageCms.ImageCmsProfile | None) -> bytes:
    """The picture from its pixels alone, the right way up, in sRGB."""
    sampling = 0
    if kind == "JPEG":
        sampling = max(get_sampling(image), 0)
        image.draft(None, _drawn_size(image))
    if kind == "WEBP":
        # A copy lets go of the decoder, which holds the picture three times.
        image = _without_decoder(image)
    ImageOps.exif_transpose(image, in_place=True)
    if profile:
        try:
            image = _in_srgb(image, profile)
        except ImageCms.PyCMSError:
            profile = None
    if kind == "JPEG" and image.mode not in {"L", "RGB"}:
        image = image.convert("RGB")
    return _saved(image, kind, sampling)


def _drawn_size(image: Image.Image) -> tuple[int, int]:
    """The size that a JPEG is decoded to: the largest half, quarter or eighth that fits."""
    scale = 1
    while image.width * image.height * 4 // scale**2 > MAX_DRAWN_BYTES and scale < 8:
        scale *= 2
    return image.width // scale, image.height // scale


def _without_decoder(image: Image.Image) -> Image.Image:
    notes = image.getexif().tobytes()
    copy = image.copy()
    image.close()
    copy.info = {"exif": notes, **copy.info}
    return copy


def _saved(image: Image.Image, kind: str, sampling: int = 0) -> bytes:
    image.info = {key: image.info[key] for key in ("transparency",) if key in image.info}
    file = io.BytesIO()
    more = {"subsampling": sampling} if kind == "JPEG" else {}
    image.save(file, kind, **SAVING[kind], **more)
    return file.getvalue()


def _from_heic(upload: UploadedFile, name: str) -> tuple[ContentFile, str]:
    """A JPEG that every program opens; where something shines through, a PNG."""
    source = pillow_heif.open_heif(upload, convert_hdr_to_8bit=True)
    limit = MAX_PIXELS["HEIF"]
    sides: tuple[int, int] = source.size
    if math.prod(sides) > limit or max(sides) > MAX_SIDE:
        raise too_many_pixels(name, limit // 1_000_000)
    # Turned the right way up already by what reads it.
    image = source.to_pillow()
    del source
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    profile = _foreign_profile(image)
    if profile:
        image = _in_srgb(image, profile)
    kind, extension = ("JPEG", "jpg") if image.mode in {"L", "RGB"} else ("PNG", "png")
    return ContentFile(_saved(image, kind), name=name), extension
