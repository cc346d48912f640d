"""Django's PostgreSQL backend, which also gives up on a server that does not answer at all.

`statement_timeout` is kept by the server; one that is frozen keeps nothing. Then the client has to
stop waiting, or every thread of the web server soon stands still.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

# The least that libpq knows.
SHORTEST_CONNECT_SECONDS = 2


class PatientConnection(psycopg.Connection[Any]):
    """Waits at most `patience` seconds for any answer of the server; None waits for ever."""

    patience: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Raises psycopg.OperationalError; closes the connection when an answer is still due."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes the option `patience` beside those of Django and libpq."""

    _hurry: float | None = None

    @contextmanager
    def hurried(self, seconds: float) -> Iterator[None]:
        """Wait for no answer longer than this, and for a connection the least that libpq knows."""
        before, self._hurry = self._hurry, seconds
        self._pass_patience_on()
        try:
            yield
        finally:
            self._hurry = before
            self._pass_patience_on()

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params.pop("patience", None)
        if self._hurry is not None:
            params["connect_timeout"] = SHORTEST_CONNECT_SECONDS
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> PatientConnection:
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        connection = PatientConnection.connect(**conn_params)
        connection.patience = self._patience()
        return connection

    def _patience(self) -> float | None:
        if self._hurry is not None:
            return self._hurry
        return self.settings_dict["OPTIONS"].get("patience")

    def _pass_patience_on(self) -> None:
        if self.connection is not None:
            self.connection.patience = self._patience()
