"""The demo's people and files."""

import os
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from pytest_django import Settings

import clock
from accounts.access import Role
from accounts.models import Agency, AuditEvent, User
from cases.demo.stories import clock_set_back
from cases.models import Case, CaseAccess, Report
from cases.models.choices import OPEN_STATES, Basis, CaseState
from vault.models import DataKey
from workflow.models import Deadline

OURS = ("accounts", "workflow", "cases", "vault")


def seed() -> str:
    printed = StringIO()
    call_command("seed_demo", stdout=printed, stderr=StringIO())
    return printed.getvalue()


def rows() -> dict[str, int]:
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: model._default_manager.count() for model in models}


def test_it_refuses_outside_the_demo(db: None, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="in a demo only"):
        seed()
    assert not User.objects.exists()
    assert not Agency.objects.exists()
    assert not Report.objects.exists()


def test_the_clock_is_set_back_only_while_a_story_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.OFFSET_FILE_VARIABLE, raising=False)
    begun = clock.now()
    with clock_set_back(timedelta(days=1)):
        assert clock.now() < begun
    assert begun <= clock.now() < begun + timedelta(minutes=1)
    assert clock.OFFSET_FILE_VARIABLE not in os.environ


def test_it_fills_an_empty_demo_once(db: None, settings: Settings, clock_at: Any) -> None:
    """One test for one seeding: it is the slow part."""
    settings.DEMO = True
    keys_before = DataKey.objects.count()
    printed = seed()
    every_state_is_there()
    every_role_signs_in(printed)
    every_file_is_told_as_people_would()
    assert DataKey.objects.count() - keys_before == Case.objects.count() + waiting_reports()

    before = rows()
    clock_at.forward(timedelta(days=2))
    assert seed() == printed
    assert rows() == before


def every_state_is_there() -> None:
    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState.values)
    assert waiting_reports() > 0
    assert Case.objects.filter(state=CaseState.REPORTED, assignments=None).exists()
    # An end that waits for a second supervisor.
    assert Case.objects.filter(state__in=OPEN_STATES).exclude(early_end="").exists()


def every_role_signs_in(printed: str) -> None:
    assert set(User.objects.values_list("role", flat=True)) == set(Role)
    password = printed.split("with the password ")[1].split()[0]
    for user in User.objects.all():
        assert f"  {user.username} " in printed
        assert authenticate(None, username=user.username, password=password) == user


def every_file_is_told_as_people_would() -> None:
    """Nothing in the future, everything audited, each file with its team, and no faked registration."""
    now = clock.now()
    assert not Report.objects.filter(received_at__gt=now).exists()
    assert not AuditEvent.objects.filter(at__gt=now).exists()
    teams = CaseAccess.objects.live().filter(basis=Basis.TEAM)
    assert set(teams.values_list("case", flat=True)) == set(Case.objects.values_list("pk", flat=True))
    moved = AuditEvent.objects.filter(verb="case.register").values("case_id")
    assert not Case.objects.filter(state=CaseState.REGISTERED).exclude(pk__in=moved).exists()
    skipped = (CaseState.ASSESSED, CaseState.PLANNED, CaseState.ACTIVE, CaseState.MONITORING)
    assert not Case.objects.filter(state__in=skipped, imported_at=None).exists()
    open_ones = Deadline.objects.open()
    assert not open_ones.filter(case_id__in=Case.objects.filter(state=CaseState.CLOSED).values("pk")).exists()
    assert open_ones.filter(due_at__lt=now).exists()
    assert open_ones.filter(due_at__gt=now).exists()


def waiting_reports() -> int:
    return Report.objects.filter(case=None).count()
