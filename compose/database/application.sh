#!/bin/bash
# Runs once, when the application's database is made: two roles without any special right. The owner migrates;
# the application's role gets its rights, table by table, after each migration (accounts/grants.py).
set -euo pipefail

psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set owner_password `cat "${SECRETS_FOLDER:-/run/secrets}/owner_password"`
\set app_password `cat "${SECRETS_FOLDER:-/run/secrets}/app_password"`
CREATE ROLE homeward_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE homeward_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
CREATE DATABASE homeward OWNER homeward_owner;
REVOKE ALL ON DATABASE homeward, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE homeward TO homeward_app;
SQL

# The superuser comes in through this container's own socket only, never over the network.
cat > "$PGDATA/pg_hba.conf" <<'HBA'
local  all       postgres                              peer
host   homeward  homeward_owner,homeward_app  samenet  scram-sha-256
HBA
