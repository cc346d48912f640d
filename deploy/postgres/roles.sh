#!/bin/sh
# Run once, by the image of PostgreSQL, when the volume is empty. Three roles, each with as little as
# it needs: `postgres` may do everything and logs in from inside the container only; `portal_owner`
# owns the tables and changes them (migrations); `portal` works with the rows.
set -eu
# Passwords come from the environment: a command line shows them to everyone on the machine.
psql --no-psqlrc -v ON_ERROR_STOP=1 --username postgres --dbname portal <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv portal_password PORTAL_PASSWORD
CREATE ROLE portal_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE portal LOGIN PASSWORD :'portal_password';
ALTER DATABASE portal OWNER TO portal_owner;
ALTER ROLE postgres PASSWORD NULL;
SQL
