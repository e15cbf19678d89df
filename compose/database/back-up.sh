#!/bin/sh
# Copies a database once a day, and keeps no copy for 30 days: an older one of the key store would bring keys of erased
# cases back. `back-up.sh keys` or `back-up.sh database`; with `once` behind it, it makes one copy and ends.
# What pg_dump needs comes through PGHOST, PGUSER, PGDATABASE; the password through PGPASSWORD or a secret file.
set -eu
umask 077

name=${1:-}
case $name in
    keys) left_out= ;;
    # What makes a child's file findable is made anew after a restore (manage.py after_restore). In a copy it would
    # tell, to whoever has the key ring too, that an erased case was a certain child's.
    database) left_out="--exclude-table-data=cases_searchtokens --exclude-table-data=cases_nameword" ;;
    *)
        echo "Say which: back-up.sh keys, or back-up.sh database." >&2
        exit 1
        ;;
esac
folder=${BACKUPS:-/backups}
days=${BACKUP_DAYS:-30}
case $days in
    '' | *[!0-9]*) days=0 ;;
esac
if [ "$days" -lt 2 ] || [ "$days" -gt 30 ]; then
    echo "BACKUP_DAYS must be a number of days from 2 to 30." >&2
    exit 1
fi
if [ -z "${PGPASSWORD:-}" ]; then
    PGPASSWORD=$(cat "${SECRETS_FOLDER:-/run/secrets}/password")
    export PGPASSWORD
fi

copy() {
    part=$folder/$name.part
    # Unquoted: options, or nothing.
    pg_dump --format=custom $left_out --file="$part" && mv "$part" "$folder/$name-$(date -u +%Y%m%dT%H%M%SZ).dump"
}

# This is run once a day, so what is a day short of its time goes now. Also when no new copy could be made.
clear_away() {
    find "$folder" -maxdepth 1 -name "$name-*.dump" -mmin "+$(((days - 1) * 1440))" -exec rm -f {} +
}

if [ "${2:-}" = once ]; then
    clear_away
    copy
    exit
fi
while :; do
    clear_away
    copy || echo "No copy could be made of: $name." >&2
    sleep 86400
done
