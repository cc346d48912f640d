"""Exchange files as bytes: a JSON text, or a ZIP of programme.json and the files it names."""

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from exchange.problems import ImportRefused, Problem, Problems, path_of
from texts.uploads import BROKEN_ZIP

MEBIBYTE = 1024 * 1024
MAX_JSON = 20 * MEBIBYTE
MAX_ARCHIVE = 500 * MEBIBYTE
MAX_UNPACKED = 500 * MEBIBYTE
MAX_FILES = 2_000
MAX_DEPTH = 40
MAX_NAME = 200  # of a field
BLOCK = 256 * 1024
JSON_NAME = "programme.json"
# ZIP knows no time zone and no year before 1980; a fixed moment keeps the bytes the same.
MOMENT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class ExchangeFile:
    """What a file holds: the data, and the contents of the files that it names."""

    data: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)


class Names(dict[str, Any]):
    """A JSON object that remembers which names stood in it more than once."""

    twice: tuple[str, ...] = ()


def _names(pairs: list[tuple[str, Any]]) -> Names:
    if any(len(name) > MAX_NAME for name, _value in pairs):
        # A path holds every name above it: what follows relies on short ones.
        raise _refused(
            _("Der Name eines Feldes hat mehr als %(limit)s Zeichen.") % {"limit": MAX_NAME}
        )
    names = Names(pairs)
    if len(names) < len(pairs):
        seen: set[str] = set()
        names.twice = tuple(name for name, _value in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    return names


def parse_file(content: bytes) -> ExchangeFile:
    """Read a JSON or ZIP file. Raises ImportRefused."""
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _parse_archive(content)
    return ExchangeFile(parse_json(content))


def parse_json(content: bytes) -> dict[str, Any]:
    """Read a JSON text strictly: no name twice, no NUL, no endless nesting."""
    if len(content) > MAX_JSON:
        raise _refused(
            _("Die Datei ist größer als %(limit)s MB.") % {"limit": MAX_JSON // MEBIBYTE}
        )
    try:
        data = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_names, parse_constant=_no_number
        )
    except UnicodeDecodeError as error:
        raise _refused(_("Die Datei ist kein Text in UTF-8.")) from error
    except json.JSONDecodeError as error:
        raise _refused(
            _("Das ist kein gültiges JSON: Zeile %(line)s, Spalte %(column)s.")
            % {"line": error.lineno, "column": error.colno}
        ) from error
    except RecursionError as error:
        raise _refused(_("Die Angaben sind zu tief verschachtelt.")) from error
    except ValueError as error:
        raise _refused(_("Das ist kein gültiges JSON: Eine Zahl ist keine.")) from error
    if not isinstance(data, dict):
        raise _refused(_("Hier wird ein JSON-Objekt erwartet, das mit { beginnt."))
    problems = Problems()
    _look_into(data, problems)
    problems.refuse_if_any()
    return data


def _no_number(text: str) -> Any:
    raise ValueError(text)


# Where a value stands: the place of what holds it, and its name in there.
Place = tuple["Place", str | int] | None


def _look_into(data: Any, problems: Problems) -> None:
    """Find doubled names, NUL and broken characters, without recursion."""
    waiting: list[tuple[Any, Place, int]] = [(data, None, 0)]
    while waiting:
        value, place, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _refused(_("Die Angaben sind zu tief verschachtelt."))
        if isinstance(value, str):
            _look_at(value, place, problems)
        elif isinstance(value, list):
            waiting += [(entry, (place, index), depth + 1) for index, entry in enumerate(value)]
        elif isinstance(value, dict):
            for name in getattr(value, "twice", ()):
                problems.add(_path((place, name)), _("Dieses Feld steht hier zweimal."))
            for name, entry in value.items():
                _look_at(name, place, problems)
                waiting.append((entry, (place, name), depth + 1))


def _look_at(text: str, place: Place, problems: Problems) -> None:
    if "\0" in text:
        problems.add(_path(place), _("Der Text enthält das Zeichen NUL."))
    elif any("\ud800" <= character <= "\udfff" for character in text):
        problems.add(_path(place), _("Der Text enthält ein halbes Zeichen (Surrogat)."))


def _path(place: Place) -> str:
    """Only a problem needs its place as a text; a file has millions of values."""
    names = []
    while place:
        place, name = place
        names.append(name)
    return path_of(reversed(names))


def _parse_archive(content: bytes) -> ExchangeFile:
    if len(content) > MAX_ARCHIVE:
        raise _refused(
            _("Die Datei ist größer als %(limit)s MB.") % {"limit": MAX_ARCHIVE // MEBIBYTE}
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = _checked_entries(archive)
            data = _unpack(archive, entries.pop(JSON_NAME), MAX_JSON, MAX_JSON)
            left = MAX_UNPACKED
            files: dict[str, bytes] = {}
            for name, entry in entries.items():
                files[name] = _unpack(archive, entry, settings.UPLOAD_MAX_BYTES, left)
                left -= len(files[name])
    except BROKEN_ZIP as error:
        raise _refused(_("Das ZIP ist beschädigt.")) from error
    return ExchangeFile(parse_json(data), files)


def _checked_entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise _refused(_("Das ZIP enthält mehr als %(limit)s Dateien.") % {"limit": MAX_FILES})
    problems = Problems()
    by_name: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename
        if entry.is_dir():
            continue
        parts = name.split("/")
        if "\\" in name or ":" in name or "\0" in name or {"", ".", ".."} & set(parts):
            problems.add(name[:200], _("So darf eine Datei im ZIP nicht heißen."))
        elif entry.flag_bits & 0x1:
            problems.add(name, _("Die Datei ist verschlüsselt."))
        elif entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            problems.add(name, _("Die Datei ist anders gepackt, als ZIP-Programme es tun."))
        elif name in by_name:
            problems.add(name, _("Die Datei steht zweimal im ZIP."))
        by_name[name] = entry
    if JSON_NAME not in by_name:
        problems.add(JSON_NAME, _("Diese Datei fehlt im ZIP."))
    problems.refuse_if_any()
    return by_name


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int, left: int) -> bytes:
    """Unpack block by block: what the directory says of sizes is not believed."""
    unpacked = io.BytesIO()
    with archive.open(entry) as packed:
        while block := packed.read(BLOCK):
            unpacked.write(block)
            if unpacked.tell() > limit:
                raise ImportRefused(
                    [
                        Problem(
                            entry.filename,
                            _("Die Datei ist größer als %(limit)s MB.")
                            % {"limit": limit // MEBIBYTE},
                        )
                    ]
                )
            if unpacked.tell() > left:
                raise _refused(_("Das ZIP wird beim Entpacken zu groß."))
    return unpacked.getvalue()


def _refused(sentence: str) -> ImportRefused:
    return ImportRefused([Problem("", sentence)])


def json_bytes(data: dict[str, Any]) -> bytes:
    """The data as text for people: indented, umlauts as they are."""
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def archive_bytes(exchange_file: ExchangeFile) -> bytes:
    """The ZIP; the same content gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        contents = {JSON_NAME: json_bytes(exchange_file.data), **exchange_file.files}
        for name in sorted(contents, key=lambda name: (name != JSON_NAME, name)):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, contents[name], zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()
