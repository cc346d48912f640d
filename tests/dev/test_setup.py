"""The script's own set-up, run against a registry in a directory."""

import ensurepip
import hashlib
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from dev.environment import ROOT
from tests.dev.conftest import add_program, ready_machine, run

# From here on pip keeps a pinned version when a package with an extra is asked for once more.
KEEPS_THE_PIN = (23, 3)


@pytest.fixture
def registry(tmp_path):
    """Two releases of a package with an extra, and a package that asks for it."""
    folder = tmp_path / "registry"
    folder.mkdir()
    pressed = add_wheel(folder, "weasyprint", "1", "Requires-Dist: drawing[fonts]>=1")
    older = add_wheel(
        folder, "drawing", "1", "Provides-Extra: fonts", 'Requires-Dist: glyphs; extra == "fonts"'
    )
    glyphs = add_wheel(folder, "glyphs", "1")
    lock = f"weasyprint==1 --hash={pressed}\ndrawing==1 --hash={older}\nglyphs==1 --hash={glyphs}\n"
    add_wheel(
        folder, "drawing", "2", "Provides-Extra: fonts", 'Requires-Dist: glyphs; extra == "fonts"'
    )
    return folder, lock


def add_wheel(folder, name, version, *lines):
    """Make a package of one empty module; return its hash as a lock file has it."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines]
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", "")
        wheel.writestr(f"{about}/METADATA", "\n".join(metadata) + "\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


@pytest.fixture
def fresh(machine, registry):
    """A machine with this very Python and nothing installed; a function that sets it up."""
    folder, lock = registry
    ready_machine(machine)
    python = machine.parent / "bin/python3"
    python.unlink()
    # The interpreter below this environment, with the pip that it brings itself.
    python.symlink_to(Path(sys._base_executable).resolve())
    add_program(machine, "npm", f"{shutil.which('mkdir')} -p node_modules")
    (machine / "requirements-start.txt").write_text(lock)
    (machine / "dev").mkdir()
    (machine / "dev/__init__.py").touch()
    (machine / "dev/start.py").write_text('print("started")\n')

    def set_up():
        return run(
            machine,
            "start",
            PIP_CONFIG_FILE="/dev/null",
            PIP_FIND_LINKS=str(folder),
            PIP_NO_CACHE_DIR="1",
            PIP_NO_INDEX="1",
        )

    return set_up


def test_lock_older_than_the_registry_is_installed_as_it_stands(fresh, machine):
    answer = fresh()

    assert (answer.returncode, answer.stdout) == (0, "started\n"), answer.stderr
    assert sorted(
        path.name.split(".")[0]
        for path in machine.glob(".venv/lib/*/site-packages/*.dist-info")
        if not path.name.startswith(("pip-", "setuptools-"))
    ) == ["drawing-1", "glyphs-1", "weasyprint-1"]


def test_older_pip_resolves_past_the_lock_when_it_may(fresh, machine):
    """The control: without the option the lock fails exactly where pip is old."""
    script = machine / "portal"
    assert script.read_text().count(" --no-deps ") == 1
    script.write_text(script.read_text().replace(" --no-deps ", " "))
    bundled = tuple(int(part) for part in ensurepip.version().split(".")[:2])

    answer = fresh()

    assert (answer.returncode == 0) is (bundled >= KEEPS_THE_PIN)
    if bundled < KEEPS_THE_PIN:
        assert "must have their versions pinned" in answer.stderr


def test_image_installs_the_lock_as_it_stands_too():
    (line,) = [
        line
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if "requirements.txt" in line and "pip install" in line
    ]

    assert " --no-deps --require-hashes " in line
