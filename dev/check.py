"""`./portal check`: everything about the code that can be said without running its tests."""

import itertools
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dev.environment import ROOT
from dev.processes import ServiceError
from dev.pytest_services import TestServices

BIN = Path(sys.executable).parent
LOCKS = ("requirements.txt", "requirements-start.txt", "requirements-dev.txt")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)
# Production as docker-compose.yml sets it up; `check --deploy` looks at these.
PRODUCTION = {
    "ALLOWED_HOSTS": "portal.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://portal.example.org",
    "DEBUG": "0",
    "DEVELOPMENT": "0",
    "HTTPS": "1",
    "PORTAL_URL": "https://portal.example.org",
    "STAFF_MFA_REQUIRED": "1",
    "TRUSTED_PROXY_COUNT": "1",
}


def main() -> None:
    services = TestServices()
    try:
        services.start()
        failed = [name for name, check in checks().items() if not passes(name, check)]
    except ServiceError as error:
        sys.exit(f"Fehler: {error}")
    finally:
        services.stop()
    if failed:
        sys.exit(f"\nNicht in Ordnung: {', '.join(failed)}. Manches richtet ./portal fix.")
    print("\nAlles in Ordnung.")


def checks() -> dict[str, Callable[[], str]]:
    """Each check returns what is wrong, or nothing."""
    return {
        "ruff": lambda: run("ruff", "check", "."),
        "ruff format": lambda: run("ruff", "format", "--check", "."),
        "djade": lambda: run("djade", "--check", "--target-version", "5.2", *templates()),
        "mypy": lambda: run("mypy", "."),
        "import-linter": lambda: run("lint-imports"),
        "Migrationen": lambda: manage("makemigrations", "--check", "--dry-run"),
        "Einstellungen": lambda: manage("check", "--deploy", "--fail-level", "WARNING"),
        "Pakete passen zueinander": lambda: run("python", "-m", "pip", "check"),
        "Sperrdateien ohne Adressen": addresses_in_locks,
        "Sperrdateien passen zu pyproject.toml": locks_match,
    }


def passes(name: str, check: Callable[[], str]) -> bool:
    begin = time.monotonic()
    wrong = check()
    print(f"{'✗' if wrong else '✓'} {name} ({time.monotonic() - begin:.1f} s)", flush=True)
    if wrong:
        print(wrong.rstrip(), flush=True)
    return not wrong


def run(program: str, *arguments: str, env: dict[str, str] | None = None) -> str:
    answer = subprocess.run(
        [str(BIN / program), *arguments],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return (
        (answer.stdout or f"{program} endet mit {answer.returncode}") if answer.returncode else ""
    )


def manage(*arguments: str) -> str:
    return run("python", "manage.py", *arguments, env=PRODUCTION)


def templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def addresses_in_locks() -> str:
    """Find what would bind everybody to the package index of whoever made the lock file."""
    found = []
    for name in (*LOCKS, "package-lock.json"):
        for number, line in enumerate((ROOT / name).read_text().splitlines(), start=1):
            if "://" in line or re.search(r"--(extra-)?index-url|--find-links|\s@\s|^-f\s", line):
                found.append(f"{name}:{number}: {line.strip()}")
    return "\n".join(found)


def locks_match() -> str:
    """Compare what is asked for with what is pinned, and the lock files among each other."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    pinned = {name: pins(name) for name in LOCKS}
    asked = {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-start.txt": group(project, "embedded"),
        "requirements-dev.txt": group(project, "dev"),
    }
    wrong = []
    for file, requirements in asked.items():
        for text in requirements:
            requirement = Requirement(text)
            version = pinned[file].get(canonicalize_name(requirement.name))
            if version is None:
                wrong.append(f"{file}: {requirement.name} fehlt")
            elif not requirement.specifier.contains(version, prereleases=True):
                wrong.append(f"{file}: {requirement.name} {version} passt nicht zu {text}")
    for smaller, larger in itertools.pairwise(LOCKS):
        for name, version in pinned[smaller].items():
            if pinned[larger].get(name) != version:
                wrong.append(
                    f"{larger}: {name} ist {pinned[larger].get(name)}, in {smaller} {version}"
                )
    return "\n".join(wrong)


def pins(name: str) -> dict[str, str]:
    found = PINNED.findall((ROOT / name).read_text())
    return {canonicalize_name(package): version for package, version in found}


def group(project: dict, name: str) -> list[str]:
    """The requirements of a dependency group (PEP 735) with the groups that it includes."""
    found: list[str] = []
    for entry in project["dependency-groups"][name]:
        found += [entry] if isinstance(entry, str) else group(project, entry["include-group"])
    return found


if __name__ == "__main__":
    main()
