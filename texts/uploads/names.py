"""Names of files, as people and their programs give them."""

import re
import unicodedata

MAX_NAME = 200
# What follows the last dot of „Protokoll vom 3.11.2026“ is no extension.
_EXTENSION = re.compile(r"\.([a-z0-9]*[a-z][a-z0-9]*)$", re.IGNORECASE)
MAX_EXTENSION = 8


def clean_name(name: str) -> str:
    """The last part of a file name without anything that controls, hides or escapes."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Category C: control characters, marks of writing direction, surrogates, private use.
    name = "".join(char for char in name if not unicodedata.category(char).startswith("C"))
    name = re.sub(r'[<>:"|?*\s]+', " ", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > MAX_NAME // 2:
        return name[:MAX_NAME].strip(" .")
    return f"{stem[: MAX_NAME - len(extension) - 1].strip(' .') or 'datei'}.{extension}"


def extension_of(name: str) -> str:
    """In lower case and without the dot; empty where there is none."""
    found = _EXTENSION.search(name)
    return found[1].lower() if found and len(found[1]) <= MAX_EXTENSION else ""


def with_extension(name: str, extension: str) -> str:
    """The name with this extension after its own end: `Protokoll vom 3.11.` gets `.pdf`."""
    stem = name[: MAX_NAME - len(extension) - 1].strip(" .")
    return f"{stem or 'datei'}.{extension}"
