"""Bring the database of a development portal to where people can look at it.

Run by `./portal start` as a process of its own, which ends when it is done: migrations, and for an
empty database the example programme, the demo accounts and the first prints. The last line of its
output is what it found, as JSON.
"""

import argparse
import io
import json
import os
import sys
import time
from pathlib import Path

import django
import environ
import redis
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader

from dev.commands import MIGRATED

EXAMPLE = "example/mfv-2016.json"
PRINT_SECONDS = 300


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mfv_portal.settings")
    parser = argparse.ArgumentParser()
    parser.add_argument("--empty", action="store_true", help="without the example")
    arguments = parser.parse_args()
    set_up()
    found: dict[str, object] = {"accounts": "", "prints": []}
    try:
        found["server"] = check_database()
        check_broker()
        check_history()
        call_command("migrate", interactive=False, verbosity=1)
        print(MIGRATED, flush=True)
        if not arguments.empty:
            found["accounts"] = example()
            found["prints"] = wait_for_prints()
    except (CommandError, DatabaseError) as error:
        sys.exit(f"{error}".strip() or type(error).__name__)
    print(json.dumps(found, ensure_ascii=False))


def set_up() -> None:
    expected = "erwartet wird postgres://NAME:PASSWORT@RECHNER:5432/DATENBANK"
    try:
        engine = environ.Env().db("DATABASE_URL")["ENGINE"]
    except (ImproperlyConfigured, ValueError) as error:
        sys.exit(f"DATABASE_URL: {expected} ({one_line(error)})")
    if engine != "django.db.backends.postgresql":
        sys.exit(f"DATABASE_URL: {expected}")
    try:
        django.setup()
    except (ImproperlyConfigured, ValueError) as error:
        sys.exit(f"Die Einstellungen sind nicht lesbar: {one_line(error)}")


def check_database() -> int:
    """Return the server's major version; end with one sentence when there is none."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            return int(cursor.fetchone()[0]) // 10_000
    except OperationalError as error:
        sys.exit(f"DATABASE_URL: {one_line(error)}")


def check_broker() -> None:
    try:
        redis.from_url(settings.REDIS_URL, socket_connect_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        sys.exit(f"REDIS_URL: {one_line(error)}")


def check_history() -> None:
    """End with one sentence when the tables were made by another state of the portal."""
    loader = MigrationLoader(connection)
    unknown = sorted(set(loader.applied_migrations) - set(loader.disk_migrations))
    ours = [f"{app}.{name}" for app, name in unknown if app in loader.migrated_apps]
    if ours:
        sys.exit(
            f"Die Datenbank gehört zu einem anderen Stand des Portals ({ours[0]}). Nehmen Sie "
            "jenen Stand, um daraus zu exportieren (export_programme), und für diesen eine leere: "
            "mit VAR_DIR einen anderen Ordner als var/, mit DATABASE_URL eine andere Datenbank."
        )


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def example() -> str:
    """Import the example into an empty database and ask for its prints; return the log-ins."""
    if not apps.get_model("programmes", "Programme").objects.exists():
        call_command("import_programme", str(settings.BASE_DIR / EXAMPLE))
    slug = json.loads((settings.BASE_DIR / EXAMPLE).read_text())["slug"]
    if not apps.get_model("programmes", "Programme").objects.filter(slug=slug).exists():
        return ""
    # Asked for again, a print that is there already is only found.
    for release in releases(slug):
        call_command("print", "press-release", release.slug)
    for guideline in guidelines(slug):
        call_command("print", "guideline", guideline.slug)
    return demo_accounts() + demo_run() if settings.DEVELOPMENT else ""


def demo_accounts() -> str:
    """The log-ins of the demo, made at the first start, later only repeated."""
    note = Path(settings.VAR_DIR) / "demo-accounts.txt"
    if not note.exists():
        accounts = io.StringIO()
        call_command("create_demo_accounts", stdout=accounts)
        note.write_text(accounts.getvalue())
    return note.read_text()


def demo_run() -> str:
    """Bring the run that is under way to today; the link of its invitation is told until it is
    answered, as only its mail knows it."""
    note = Path(settings.VAR_DIR) / "demo-invitation.txt"
    out = io.StringIO()
    call_command("create_demo_run", stdout=out)
    *lines, last = out.getvalue().splitlines()
    if "://" in last:
        note.write_text(f"{last}\n")
    else:
        lines.append(last)
    known = note.read_text() if note.exists() else ""
    return "\n".join(lines) + "\n" + known


def releases(programme):
    model = apps.get_model("publications", "PressRelease")
    return model.objects.filter(programme__slug=programme, status="published").order_by("pk")


def guidelines(programme):
    model = apps.get_model("publications", "Guideline")
    return model.objects.filter(programme__slug=programme).order_by("pk")


def wait_for_prints() -> list[dict[str, object]]:
    """Wait until no print is open; every job with its state and, when it is done, its file."""
    jobs = apps.get_model("documents", "RenderJob").objects.select_related("artefact")
    deadline = time.monotonic() + PRINT_SECONDS
    while time.monotonic() < deadline:
        waiting = jobs.filter(status__in=["pending", "running"]).order_by("pk").first()
        if waiting is None:
            break
        print(f"{waiting.title}: {waiting.get_status_display()}", flush=True)
        time.sleep(0.3)
    return [
        {
            "title": job.title,
            "status": str(job.get_status_display()),
            "pages": job.page_count,
            "error": job.error,
            "file": str(Path(settings.VAR_DIR) / job.artefact.key) if job.status == "done" else "",
        }
        for job in jobs.order_by("pk")
    ]


if __name__ == "__main__":
    main()
