#!/bin/bash
# Runs once, when the key store is made: one role, which owns the one database and has no special right.
set -euo pipefail

psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\set keys_password `cat "${SECRETS_FOLDER:-/run/secrets}/keys_password"`
CREATE ROLE homeward_keys LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'keys_password';
CREATE DATABASE homeward_keys OWNER homeward_keys;
REVOKE ALL ON DATABASE homeward_keys, postgres, template1 FROM PUBLIC;
SQL

# The superuser comes in through this container's own socket only, never over the network.
cat > "$PGDATA/pg_hba.conf" <<'HBA'
local  all            postgres                peer
host   homeward_keys  homeward_keys  samenet  scram-sha-256
HBA
