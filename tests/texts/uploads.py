"""Builds files for the tests of uploads: good ones and hostile ones."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN_TYPES = {
    "docx": (WORD + ".main+xml", "word/document.xml"),
    "pptx": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        "ppt/presentation.xml",
    ),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "xl/workbook.xml",
    ),
}
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
PDF = (
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.domain)</script>"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """An upload whose name went past Django's own cleaning, as from another door."""
    file = SimpleUploadedFile("x", content)
    file._name = name
    return file


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **options) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#00507d").save(file, kind, **options)
    return file.getvalue()


def photo_with_place() -> bytes:
    """A JPEG that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "CANARY-DESCRIPTION"
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", exif=exif, comment=b"CANARY-COMMENT")


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def png_text_bomb() -> bytes:
    """A small compressed comment that unpacks to 200 MB."""
    bomb = b"zTXtComment\0\0" + zlib.compress(b"\0" * 200_000_000, 9)
    chunk = struct.pack(">I", len(bomb) - 4) + bomb + struct.pack(">I", zlib.crc32(bomb))
    whole = picture()
    return whole[:33] + chunk + whole[33:]


def container(
    parts: dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]],
    *,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, content)
    return file.getvalue()


def content_types(main_type: str, main_part: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main_part}" ContentType="{main_type}"/></Types>'
    ).encode()


def relationships(*rows: tuple[str, str, str]) -> bytes:
    """Rows of kind, target and mode."""
    body = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"'
        f"{f' TargetMode={mode!r}' if mode else ''}/>"
        for number, (kind, target, mode) in enumerate(rows)
    )
    start = f'<?xml version="1.0"?><Relationships xmlns="{RELATIONSHIPS}">'
    return f"{start}{body}</Relationships>".encode()


def office_parts(kind: str = "docx", **more: bytes) -> dict[str, bytes]:
    main_type, main_part = MAIN_TYPES[kind]
    return {
        "[Content_Types].xml": content_types(main_type, main_part),
        "_rels/.rels": relationships(("officeDocument", main_part, "")),
        main_part: b'<?xml version="1.0"?><document><p>Guten Tag</p></document>',
        **more,
    }


def office(kind: str = "docx", **more: bytes) -> bytes:
    return container(office_parts(kind, **more))


def odt(kind: str = "text", **more: bytes) -> bytes:
    mimetype = zipfile.ZipInfo("mimetype")
    mimetype.compress_type = zipfile.ZIP_STORED
    return container(
        [
            (mimetype, f"application/vnd.oasis.opendocument.{kind}".encode()),
            *{"content.xml": b'<?xml version="1.0"?><text>Guten Tag</text>', **more}.items(),
        ]
    )


@cache
def many_entries(count: int) -> bytes:
    """A document with so many more parts, all of which point to one."""
    data = office(x0000000=b"")
    end = data.rindex(b"PK\x05\x06")
    start = data.rindex(b"PK\x01\x02")
    entry = data[start:end]
    more = b"".join(entry.replace(b"x0000000", b"x%07d" % number) for number in range(1, count))
    old_size, directory = struct.unpack_from("<LL", data, end + 12)
    # 16 bits cannot count them, and zipfile does not look at the number.
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, old_size + len(more), directory, 0)
    return data[:end] + more + tail


def odt_text(body: str, part: str = "content.xml") -> bytes:
    """An ODT whose text has this in it."""
    start = (
        '<?xml version="1.0"?><office:text xmlns:office="o" xmlns:text="t" xmlns:draw="d" '
        'xmlns:meta="m" xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    return odt(**{part: f"{start}{body}</office:text>".encode()})


def with_symlink() -> bytes:
    link = zipfile.ZipInfo("word/media/image1.png")
    link.external_attr = 0o120777 << 16
    return container([*office_parts().items(), (link, b"/etc/passwd")])


def encrypted() -> bytes:
    """A document whose entries are marked as encrypted in both directories."""
    data = bytearray(office())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(signature)
        while start != -1:
            data[start + offset] |= 1
            start = data.find(signature, start + 4)
    return bytes(data)


def with_false_size() -> bytes:
    """The directory says that a part of 50 MB is small."""
    parts = {**office_parts(), "word/media/data.bin": b"\0" * 50_000_000}
    data = bytearray(container(parts))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.find(signature)
        while start != -1:
            if struct.unpack_from("<I", data, start + offset)[0] == 50_000_000:
                struct.pack_into("<I", data, start + offset, 100)
            start = data.find(signature, start + 4)
    return bytes(data)


def twice_the_same_name() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in office_parts().items():
            archive.writestr(name, content)
    data = file.getvalue()
    extra = container({"word/document.xmm": b"other"})
    joined = io.BytesIO(data)
    with zipfile.ZipFile(joined, "a") as archive:
        archive.writestr("word/document.xmm", extra)
    return joined.getvalue().replace(b"word/document.xmm", b"word/document.xml")


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (name, b"&%c;" % (name - 1) * 10)
        for name in range(ord("b"), ord("k"))
    )
    + b"]><x>&j;</x>"
)
EXTERNAL_ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
)


def word(body: str, **more: bytes) -> bytes:
    """A DOCX with this in its text."""
    start = (
        '<?xml version="1.0"?><w:document '
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    )
    return office(**{"word/document.xml": f"{start}{body}</w:body></w:document>".encode(), **more})


def word_field(*instructions: str) -> bytes:
    """A DOCX with one field whose instruction lies in so many pieces."""
    pieces = "".join(f"<w:r><w:instrText>{text}</w:instrText></w:r>" for text in instructions)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return word(f"<w:p>{begin}{pieces}{end}</w:p>")


def from_template(target: str = "file:///C:/Vorlagen/Brief.dotx") -> bytes:
    """A DOCX as companies have them: it names the template that it was made from."""
    settings = (
        '<?xml version="1.0"?><w:settings xmlns:w="w" xmlns:r="r"><w:zoom w:percent="100"/>'
        '<w:attachedTemplate r:id="r0"/><w:proofState/></w:settings>'
    )
    return office(
        **{
            "word/settings.xml": settings.encode(),
            "word/_rels/settings.xml.rels": relationships(("attachedTemplate", target, "External")),
        }
    )


def locked_by_office() -> bytes:
    """The outside of a DOCX with a password: an old container that names what is locked."""
    return OLE_START + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000


OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **saving) -> bytes:
    """A PDF of one page after this change."""
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    file = io.BytesIO()
    document.save(file, **saving)
    return file.getvalue()


def pdf_with(place: str, value: str) -> bytes:
    """A PDF with this value, in PDF's own writing, under a name of its root."""

    def change(document: pikepdf.Pdf) -> None:
        document.Root[place] = pikepdf.Object.parse(value.encode())

    return pdf(change)


def pdf_with_file(name: str, content: bytes) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.attachments[name] = content

    return pdf(change)


@cache
def pdf_with_hidden_object(value: bytes, size: int) -> bytes:
    """A PDF that opens with an object behind so many bytes of a packed stream of objects."""
    unpacked = b"5 0 " + b" " * size + value
    packed = zlib.compress(unpacked, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream"
        % (len(packed), packed),
    ]
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    rows = [(0, 0, 255), *((1, place, 0) for place in places), (2, 4, 0), (1, len(data), 0)]
    table = b"".join(struct.pack(">BLB", *row) for row in rows)
    return data + (
        b"6 0 obj\n<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>\nstream\n%b\nendstream\n"
        b"endobj\nstartxref\n%d\n%%%%EOF\n" % (len(table), table, len(data))
    )
