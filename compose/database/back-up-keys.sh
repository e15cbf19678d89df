#!/bin/sh
# Copies the key store once a day, and keeps no copy for 30 days: an older one would bring keys of erased cases back.
# `back-up-keys.sh once` makes one copy and ends. What pg_dump needs comes through PGHOST, PGUSER, PGDATABASE.
set -eu
umask 077

folder=${KEYS_BACKUPS:-/backups}
days=${KEYS_BACKUP_DAYS:-30}
case $days in
    '' | *[!0-9]*) days=0 ;;
esac
if [ "$days" -lt 2 ] || [ "$days" -gt 30 ]; then
    echo "KEYS_BACKUP_DAYS must be a number of days from 2 to 30." >&2
    exit 1
fi
if [ -z "${PGPASSWORD:-}" ]; then
    PGPASSWORD=$(cat "${SECRETS_FOLDER:-/run/secrets}/keys_password")
    export PGPASSWORD
fi

copy() {
    part=$folder/keys.part
    pg_dump --format=custom --file="$part" && mv "$part" "$folder/keys-$(date -u +%Y%m%dT%H%M%SZ).dump"
}

# This is run once a day, so what is a day short of its time goes now. Also when no new copy could be made.
clear_away() {
    find "$folder" -maxdepth 1 -name 'keys-*.dump' -mmin "+$(((days - 1) * 1440))" -exec rm -f {} +
}

if [ "${1:-}" = once ]; then
    clear_away
    copy
    exit
fi
while :; do
    clear_away
    copy || echo "The key store could not be copied." >&2
    sleep 86400
done
