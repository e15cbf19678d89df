#!/bin/bash
# Makes every secret of a new installation: random, one file each, readable by the one container account that
# needs it. Run as root:  compose/make-secrets.sh FOLDER
set -euo pipefail
umask 077

folder=${1:?Name the folder to make, for example /etc/homeward/secrets.}
application=10001 # as in compose/Dockerfile
servers=999       # as in the images of PostgreSQL and Valkey

if [[ -e $folder ]]; then
    echo "$folder exists and is left as it is: without its keys every file would be lost." >&2
    exit 1
fi
mkdir -p "$(dirname "$folder")"
part=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$part"' EXIT

random() { openssl rand -hex 32; }
owner=$(random) app=$(random) keys=$(random) broker=$(random)

put() { # account, name; the content comes through standard input
    cat > "$part/$2"
    chmod 400 "$part/$2"
    if [[ $EUID -eq 0 ]]; then chown "$1:$1" "$part/$2"; fi
}

# A folder of its own, in which the application's account can put another ring in the place of this one.
mkdir -m 700 "$part/ring"
if [[ $EUID -eq 0 ]]; then chown $application:$application "$part/ring"; fi
openssl rand -hex 64 | put $application secret_key
key() { openssl rand -base64 32; }
printf '{"active": "k1", "keys": {"k1": "%s"}, "index": "%s", "sealing": {"active": "s1", "keys": {"s1": "%s"}}}\n' \
    "$(key)" "$(key)" "$(key)" |
    put $application ring/keyring.json
echo "postgresql://homeward_app:$app@database/homeward" | put $application database_url
echo "postgresql://homeward_owner:$owner@database/homeward" | put $application database_owner_url
echo "postgresql://homeward_keys:$keys@keys/homeward_keys" | put $application keys_database_url
# Yours to fill in, for example submission://USER:PASSWORD@HOST:587; while it is empty no e-mail is sent.
put $application email_url < /dev/null
# Yours too: the certificates (PEM) of the authorities whose signatures on papers are believed.
put $application signature_roots < /dev/null
echo "redis://default:$broker@valkey:6379/0" | put $application valkey_url

printf '%s' "$owner" | put $servers owner_password
printf '%s' "$app" | put $servers app_password
printf '%s' "$keys" | put $servers keys_password
random | put $servers backup_password
random | put $servers database_superuser_password
random | put $servers keys_superuser_password
digest=$(printf '%s' "$broker" | openssl dgst -sha256 -r | cut -d ' ' -f 1)
echo "user default on sanitize-payload #$digest ~* &* +@all -@admin -@dangerous +info" | put $servers valkey_users

# Containers' accounts must pass through the folder; its files stay private.
chmod 711 "$part"
mv -T "$part" "$folder"
trap - EXIT
if [[ $EUID -ne 0 ]]; then
    echo "Made without root: give the files to the accounts $application and $servers before you start." >&2
fi
echo "Made $folder. Keep a copy of ring/keyring.json apart from every backup of the databases: whoever has the copy,"
echo "the key store and the database reads every file, and without the key ring nobody reads any."
