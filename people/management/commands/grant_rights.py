"""The rights of the portal's own database role: rows, no tables; the change log only grows."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _
from psycopg import sql

from people.models import AuditEntry

# What happened stays; when an account is deleted, its entries only lose the name.
APPENDED_ONLY = {AuditEntry._meta.db_table: ["actor_id"]}
READ_ONLY = [MigrationRecorder.Migration._meta.db_table]


class Command(BaseCommand):
    @property
    def help(self):  # type: ignore[override]  # translated when it is asked for
        return _("Gibt der Datenbankrolle des Portals, was sie zum Arbeiten braucht.")

    def add_arguments(self, parser):
        parser.add_argument("role", metavar="ROLLE")

    def handle(self, *, role, **options):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper, rolname = current_user FROM pg_roles WHERE rolname = %s", [role]
            )
            found = cursor.fetchone()
        if found is None:
            raise CommandError(_("Die Datenbankrolle „%(role)s“ gibt es nicht.") % {"role": role})
        is_superuser, is_own = found
        if is_superuser or is_own:
            raise CommandError(
                _(
                    "Die Datenbankrolle „%(role)s“ darf mehr: Sie ist Superuser oder besitzt die "
                    "Tabellen. Das Portal braucht eine eigene (docs/operations.md)."
                )
                % {"role": role}
            )
        # In one transaction: a portal that runs meanwhile misses nothing.
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements(role, connection.settings_dict["NAME"]):
                cursor.execute(statement)


def statements(role: str, database: str) -> list[sql.Composed]:
    names = {"role": sql.Identifier(role), "database": sql.Identifier(database)}
    texts = [
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC, {role}",
        "GRANT CONNECT ON DATABASE {database} TO {role}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC, {role}",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ]
    found = [sql.SQL(text).format(**names) for text in texts]
    for table in READ_ONLY:
        found.append(
            sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}").format(
                table=sql.Identifier(table), **names
            )
        )
    for table, columns in APPENDED_ONLY.items():
        found += [
            sql.SQL("REVOKE UPDATE, DELETE ON {table} FROM {role}").format(
                table=sql.Identifier(table), **names
            ),
            sql.SQL("GRANT UPDATE ({columns}) ON {table} TO {role}").format(
                table=sql.Identifier(table),
                columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
                **names,
            ),
        ]
    return found
