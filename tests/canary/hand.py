"""Makes an installation and says where it is; then, for each line that it is told, does what the minute does.

With the word `furnished` there are files of every kind, as the tests of every page have them.
Run under `python -m config.embedded`, which brings the services and holds them as long as this runs.
"""

import json
import os
import sys

import django
import psycopg
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

# isort: split
# Only now, because these have models.
from accounts.tasks import send_mail  # noqa: E402
from cases.demo.people import demo_password, demo_seed, make_people  # noqa: E402
from config.embedded.folder import Folder  # noqa: E402
from tests.browser.pages import furnish  # noqa: E402

# Every statement is logged with its values, and no part of the write-ahead log is given up. What a power failure
# would take is nothing that we look for: without waiting for the disk all is quicker.
SETTINGS = {
    "log_statement": "all",
    "log_duration": "on",
    "log_temp_files": "0",
    "wal_keep_size": "16GB",
    "fsync": "off",
}


def main() -> None:
    _talk()
    call_command("migrate", database="owner", verbosity=0)
    call_command("migrate", "vault", database="keys", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    people = furnish().people if "furnished" in sys.argv else make_people()
    for username, user in people.items():
        user.email, user.language = f"{username}@mail.example", "en"
        user.save(update_fields=["email", "language"])
    made = {
        "environment": dict(os.environ),
        "password": demo_password(),
        "seeds": {username: demo_seed(username) for username in people},
    }
    sys.stdout.write(json.dumps(made) + "\n")
    sys.stdout.flush()
    for _line in sys.stdin:
        send_mail.configure(queueing_lock=None).defer(timestamp=0)


def _talk() -> None:
    with psycopg.connect(Folder.chosen().url("postgres", "postgres"), autocommit=True) as connection:
        for name, value in SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")


if __name__ == "__main__":
    main()
