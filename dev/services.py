"""The services of one running portal: embedded ones, or those that the environment names."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from dev.directories import ServiceDirectory
from dev.postgres import Postgres, home_for
from dev.valkey import Valkey


class Services:
    """PostgreSQL and Valkey, each embedded unless DATABASE_URL or REDIS_URL names another."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.directory: ServiceDirectory | None = None
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None

    def start(self, tell: Callable[[str, float], None]) -> dict[str, str]:
        """Start what is not given and return the addresses as environment variables."""
        addresses = {}
        if not os.environ.get("DATABASE_URL"):
            self.postgres = Postgres(home_for(self.var), self._directory().path)
            addresses["DATABASE_URL"] = self.postgres.url
            begin = time.monotonic()
            self.postgres.start()
            tell("PostgreSQL 18", time.monotonic() - begin)
        if not os.environ.get("REDIS_URL"):
            self.valkey = Valkey(self._directory().path)
            begin = time.monotonic()
            self.valkey.start()
            addresses["REDIS_URL"] = self.valkey.url
            tell("Valkey", time.monotonic() - begin)
        return addresses

    def stop(self) -> None:
        for service in (self.valkey, self.postgres, self.directory):
            if service:
                service.close()
        self.valkey = self.postgres = self.directory = None

    def failed(self) -> str:
        """The name of a service that ended on its own, or nothing."""
        for name, service in (("PostgreSQL", self.postgres), ("Valkey", self.valkey)):
            if service and not service.is_alive():
                return name
        return ""

    def _directory(self) -> ServiceDirectory:
        if not self.directory:
            self.directory = ServiceDirectory()
        return self.directory
