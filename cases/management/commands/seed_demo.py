from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from accounts.models import User
from accounts.sealing import seal_all
from cases import registry
from cases.demo.authority import certify_agencies
from cases.demo.imported import take_over_caseload
from cases.demo.partners import give_to_partners
from cases.demo.people import ACCOUNTS, demo_password, demo_seed, make_people
from cases.demo.stories import stories, tell, tell_of_the_north, was_told
from cases.demo.team import arrange_team
from cases.demo.urgent import open_one_in_emergency
from cases.demo.whole import WHOLE, tell_whole_files
from cases.models import Report


class Command(BaseCommand):
    help = "Fills an empty demo with invented people and files, and prints its accounts. Run again, it adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--by-worker", action="store_true", help="What takes long is left to the job worker."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("seed_demo prints passwords and invents people. It runs in a demo only.")
        self._wait_for_no_disk()
        people = self._tell_files()
        for tell_more, later in registry.stories():
            if later and options["by_worker"]:
                later()
            else:
                tell_more(people)
        # What was told lies long ago, and would look as if nothing had been sealed since.
        seal_all()
        self._print_accounts()

    def _wait_for_no_disk(self) -> None:
        """Thousands of writes, each of which could be told again: a crash may lose the last of them."""
        for alias in ("default", "keys"):
            with connections[alias].cursor() as cursor:
                cursor.execute("SET synchronous_commit TO off")

    def _tell_files(self) -> dict[str, User]:
        told = stories()
        if self._tables_are_of_another_version() or (Report.objects.exists() and not was_told(told)):
            raise CommandError("This demo was made by an earlier version. Empty its data and start it again.")
        people = make_people()
        certify_agencies()
        for count, story in enumerate(told, start=1):
            tell(story, people)
            if count % 10 == 0:
                self.stderr.write(f"Files of the demo: {count} of {len(told)}")
        tell_of_the_north(people)
        take_over_caseload(people)
        give_to_partners(people)
        self.stderr.write(f"Files that went a long way: {len(WHOLE)}")
        tell_whole_files(people)
        arrange_team(people)
        open_one_in_emergency(people)
        return people

    def _tables_are_of_another_version(self) -> bool:
        """Until the first release the migrations are written anew, so the tables may come from ones now gone."""
        loader = MigrationLoader(connection)
        return not set(loader.applied_migrations) <= set(loader.disk_migrations)

    def _print_accounts(self) -> None:
        self.stdout.write(f"\nDemo accounts, all with the password {demo_password()}\n")
        for username, name, role, agency, _language in ACCOUNTS:
            self.stdout.write(f"  {username:<9} {role.label:<24} {name} ({agency})")
            self.stdout.write(f"  {'':<9} key for an authenticator app: {demo_seed(username)}")
        self.stdout.write(
            "\nNo app at hand? `.venv/bin/python manage.py demo_code ana` shows the code of now."
        )
