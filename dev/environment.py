"""What the processes of a development portal find in their environment."""

import os
import secrets
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent


def var_directory() -> Path:
    return Path(os.environ.get("VAR_DIR") or ROOT / "var")


def development_environment(var: Path, port: int) -> dict[str, str]:
    """Settings for a developer's machine; the environment wins over them."""
    defaults = {
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "DEVELOPMENT": "1",
        # The third slash ends the host, which is empty; the path brings its own.
        "EMAIL_URL": f"filemail:///{quote(str(var / 'mail'))}",
        "HTTPS": "0",
        "PORTAL_URL": f"http://localhost:{port}",
        "STAFF_MFA_REQUIRED": "0",
        "VAR_DIR": str(var),
    }
    environment = {name: os.environ.get(name) or value for name, value in defaults.items()}
    environment["SECRET_KEY"] = os.environ.get("SECRET_KEY") or development_secret(var)
    return environment


def development_secret(var: Path) -> str:
    """The secret of this copy, made at the first start and readable for its owner alone."""
    path = var / "secret-key"
    if not path.exists():
        beside = path.with_suffix(".new")
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        beside.rename(path)
    return path.read_text().strip()
