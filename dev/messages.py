"""`./portal messages`: bring the catalog up to the texts in code and templates, and compile it."""

import sys

from dev.check import manage
from dev.environment import ROOT
from dev.processes import ServiceError
from dev.pytest_services import TestServices

CATALOG = "locale/en/LC_MESSAGES/django.po"
LEFT_OUT = ("tests/*", "dev/*", "var/*", "node_modules/*", "staticfiles/*", ".venv/*")


def main() -> None:
    services = TestServices()
    try:
        services.start()
        ignored = [part for pattern in LEFT_OUT for part in ("--ignore", pattern)]
        wrong = manage(
            *("makemessages", "--locale", "en", "--no-obsolete", "--no-wrap"),
            *("--no-location", *ignored),
        )
        wrong = wrong or manage("compilemessages", "--locale", "en", *ignored)
    except ServiceError as error:
        sys.exit(f"Fehler: {error}")
    finally:
        services.stop()
    if wrong:
        sys.exit(wrong)
    text = (ROOT / CATALOG).read_text()
    entries = [part for part in text.split("\n\n")[1:] if "msgid" in part]
    empty = [part for part in entries if part.rstrip().endswith('msgstr ""')]
    fuzzy = [part for part in entries if "#, fuzzy" in part]
    print(f"{CATALOG}: {len(entries)} Texte, {len(empty)} ohne Übersetzung, {len(fuzzy)} unsicher.")


if __name__ == "__main__":
    main()
