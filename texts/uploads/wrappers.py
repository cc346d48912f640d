"""What stands around the pixels in a picture file: read piece by piece, so that a picture can be
kept bit for bit while place, author, previews and whatever hangs behind it go.

Sources: ITU-T T.81 annex B (JPEG), W3C PNG third edition (PNG), RFC 9649 (WebP). Every function
raises ValueError or struct.error for a file that is not built as its format says.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

# A marker that is neither a stuffed byte nor a restart inside the coded pixels.
_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_PNG_START = b"\x89PNG\r\n\x1a\n"
# Size, colours and pixels; of animated PNG its frames. No text, no place, nothing of programs.
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS sRGB gAMA cHRM cICP sBIT bKGD pHYs acTL fcTL fdAT".split()
)
_WEBP_KEPT = frozenset([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"])
_WEBP_HAS_PROFILE, _WEBP_HAS_EXIF, _WEBP_HAS_XMP = 0x20, 0x08, 0x04


@dataclass(frozen=True)
class Piece:
    """A piece of a picture file, by the name that the format gives it."""

    name: bytes
    content: bytes | memoryview


def rewrap(raw: bytes, kind: str, *, notes: bool, profile: bool) -> bytes:
    """The file with its pixels as they are coded, and of the rest only what they need.

    `notes` keeps Exif, `profile` the colour profile. `kind` is Pillow's name of the format.
    """
    build = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp}[kind]
    return b"".join(build(raw, notes, profile))


def _jpeg(raw: bytes, notes: bool, profile: bool) -> Iterator[bytes | memoryview]:
    yield b"\xff\xd8"
    for piece in _jpeg_pieces(raw):
        marker, content = piece.name[1], piece.content
        if marker == 0xE0:
            if bytes(content[4:9]) == b"JFIF\0":
                # Without the preview that may follow.
                yield b"\xff\xe0\0\x10" + bytes(content[4:16]).ljust(12, b"\0") + b"\0\0"
            continue
        is_application = 0xE1 <= marker <= 0xEF or marker == 0xFE
        has_profile = marker == 0xE2 and bytes(content[4:16]) == b"ICC_PROFILE\0"
        has_notes = marker == 0xE1 and bytes(content[4:10]) == b"Exif\0\0"
        has_colours = marker == 0xEE and bytes(content[4:9]) == b"Adobe"
        wanted = (has_profile and profile) or (has_notes and notes) or has_colours
        if wanted or not is_application:
            yield content
    yield b"\xff\xd9"


def _jpeg_pieces(raw: bytes) -> Iterator[Piece]:
    """Every segment with its marker and length; a scan with its coded pixels."""
    view = memoryview(raw)
    position = 2
    while position < len(raw):
        if raw[position] != 0xFF:
            raise ValueError("no marker")
        marker = raw[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker == 0xD9:
            return
        end = position + 2
        if not (marker == 0x01 or 0xD0 <= marker <= 0xD8):
            end += struct.unpack_from(">H", raw, end)[0]
        if marker == 0xDA:
            following = _NEXT_MARKER.search(raw, end)
            end = following.start() if following else len(raw)
        yield Piece(raw[position : position + 2], view[position:end])
        position = end


def _png(raw: bytes, notes: bool, profile: bool) -> Iterator[bytes | memoryview]:
    kept = _PNG_KEPT | ({b"eXIf"} if notes else set()) | ({b"iCCP"} if profile else set())
    pieces = [piece for piece in _png_pieces(raw) if piece.name in kept]
    # Notes may follow the pixels; in front of them they are read without drawing.
    pieces.sort(key=lambda piece: {b"IHDR": 0, b"eXIf": 1}.get(piece.name, 2))
    yield _PNG_START
    yield from (piece.content for piece in pieces)


def _png_pieces(raw: bytes) -> Iterator[Piece]:
    view = memoryview(raw)
    position = len(_PNG_START)
    while True:
        size, name = struct.unpack_from(">I4s", raw, position)
        end = position + 12 + size
        (checksum,) = struct.unpack_from(">I", raw, end - 4)
        if zlib.crc32(view[position + 4 : end - 4]) != checksum:
            raise ValueError("checksum")
        yield Piece(name, view[position:end])
        if name == b"IEND":
            return
        position = end


def _webp(raw: bytes, notes: bool, profile: bool) -> Iterator[bytes | memoryview]:
    kept = _WEBP_KEPT | ({b"EXIF"} if notes else set()) | ({b"ICCP"} if profile else set())
    (size,) = struct.unpack_from("<I", raw, 4)
    if size + 8 > len(raw) + 1:
        raise ValueError("cut off")
    body = []
    for piece in _riff_pieces(memoryview(raw)[12 : 8 + size]):
        content: bytes | memoryview = piece.content
        if piece.name not in kept:
            continue
        if piece.name == b"VP8X":
            lost = _WEBP_HAS_XMP | (0 if notes else _WEBP_HAS_EXIF)
            lost |= 0 if profile else _WEBP_HAS_PROFILE
            content = bytes([content[0] & ~lost]) + bytes(content[1:10])
        if piece.name == b"ANMF":
            frame = (
                _riff_piece(inner)
                for inner in _riff_pieces(memoryview(content)[16:])
                if inner.name in _WEBP_KEPT
            )
            content = bytes(content[:16]) + b"".join(frame)
        body.append(_riff_piece(Piece(piece.name, content)))
    whole = b"".join(body)
    yield b"RIFF" + struct.pack("<I", len(whole) + 4) + b"WEBP"
    yield whole


def _riff_pieces(view: memoryview) -> Iterator[Piece]:
    position = 0
    while position + 8 <= len(view):
        name, size = struct.unpack_from("<4sI", view, position)
        if position + 8 + size > len(view):
            raise ValueError("cut off")
        yield Piece(name, view[position + 8 : position + 8 + size])
        position += 8 + size + size % 2


def _riff_piece(piece: Piece) -> bytes:
    size = len(piece.content)
    return piece.name + struct.pack("<I", size) + bytes(piece.content) + b"\0" * (size % 2)
