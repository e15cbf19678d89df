#!/bin/bash
# Runs once, when the application's database is made: three roles. The owner migrates; the application's role
# gets its rights, table by table, after each migration (accounts/grants.py); that of the backup reads and nothing else.
set -euo pipefail

psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set owner_password `cat "${SECRETS_FOLDER:-/run/secrets}/owner_password"`
\set app_password `cat "${SECRETS_FOLDER:-/run/secrets}/app_password"`
\set backup_password `cat "${SECRETS_FOLDER:-/run/secrets}/backup_password"`
CREATE ROLE homeward_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE homeward_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
CREATE ROLE homeward_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'backup_password';
GRANT pg_read_all_data TO homeward_backup;
CREATE DATABASE homeward OWNER homeward_owner;
REVOKE ALL ON DATABASE homeward, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE homeward TO homeward_app, homeward_backup;
SQL

# The superuser comes in through this container's own socket only, never over the network.
cat > "$PGDATA/pg_hba.conf" <<'HBA'
local  all       postgres                              peer
host   homeward  homeward_owner,homeward_app,homeward_backup  samenet  scram-sha-256
HBA
