"""The demo's people and files."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from pytest_django import Settings

import clock
from accounts.access import Role
from accounts.models import Agency, AgencyCertificate, AuditEvent, User
from cases.demo.times import clock_set_back
from cases.edges.lifecycle import LIFECYCLE
from cases.edges.tracks import TRACKS
from cases.management.commands import seed_demo
from cases.models import (
    Appointment,
    Case,
    CaseAccess,
    Conference,
    Cover,
    DutyShift,
    EmergencyOpening,
    Person,
    Report,
    TravelFitness,
)
from cases.models.choices import OPEN_STATES, Basis, CaseState
from cases.models.people import Conflict, LinkKind
from cases.timeline import pages_read
from cases.views.caseload import caseload, waiting
from cases.worklist import counts, deadlines_of, late, together
from vault.models import DataKey
from workflow.machine import Machine
from workflow.models import Deadline

OURS = ("accounts", "workflow", "cases", "vault")
# A child that has been missing for a year, and a merge that was undone, leave no state of their own. A case that is
# worked on again belongs to a return, which the job worker tells.
NOT_TOLD = {"case.close_suspended", "case.undo_duplicate", "case.return_to_active"}


def seed() -> str:
    printed = StringIO()
    call_command("seed_demo", by_worker=True, stdout=printed, stderr=StringIO())
    return printed.getvalue()


def rows() -> dict[str, int]:
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: model._default_manager.count() for model in models}


Present = Callable[[], Iterable[str]]


def machines() -> Iterator[tuple[Machine, Present]]:
    """Each machine of the room, and a question for the states in which its rows are."""
    yield LIFECYCLE, lambda: Case.objects.values_list("state", flat=True)
    for track in TRACKS.values():
        rows = track.model._base_manager
        yield track.machine, partial(rows.values_list, track.machine.field, flat=True)


def absent() -> list[str]:
    """States in which no file of the demo is, as machine.state."""
    return [
        f"{machine.name}.{state}"
        for machine, present in machines()
        for state in sorted(set(machine.states.values) - set(present()))
    ]


def test_it_refuses_outside_the_demo(db: None, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="in a demo only"):
        seed()
    assert not User.objects.exists()
    assert not Agency.objects.exists()
    assert not Report.objects.exists()


def test_a_state_without_a_file_is_named(db: None) -> None:
    """So that the question below can fail: of an empty house every state is asked for."""
    states = [
        f"{machine.name}.{state}" for machine, _present in machines() for state in machine.states.values
    ]
    assert sorted(absent()) == sorted(states)
    assert {"case.suspended", "redress.awarded", "medical.urgent_care"} <= set(states)


def test_the_clock_is_set_back_only_while_a_story_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.OFFSET_FILE_VARIABLE, raising=False)
    begun = clock.now()
    with clock_set_back(timedelta(days=1)):
        assert clock.now() < begun
    assert begun <= clock.now() < begun + timedelta(minutes=1)
    assert clock.OFFSET_FILE_VARIABLE not in os.environ


def test_it_fills_an_empty_demo_once(
    db: None, settings: Settings, clock_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One test for one seeding: it is the slow part."""
    settings.DEMO = True
    seals: list[int] = []
    monkeypatch.setattr(seed_demo, "seal_all", lambda: seals.append(AuditEvent.objects.count()))
    keys_before = DataKey.objects.count()
    printed = seed()
    # Nothing that was told long ago waits for a seal when the first page is opened.
    assert seals == [AuditEvent.objects.count()]
    an_emergency_waits_for_its_review()
    every_state_is_there()
    every_role_signs_in(printed)
    every_file_is_told_as_people_would()
    files_went_the_whole_way()
    the_clinic_s_clocks_run()
    everybody_finds_something_to_do({user.username: user for user in User.objects.all()})
    sealed = Case.objects.count() + waiting_reports() + AgencyCertificate.objects.count()
    # One for the words of names, and one for each account's second factor.
    sealed += 1 + Authenticator.objects.values("user").distinct().count()
    assert DataKey.objects.count() - keys_before == sealed

    before = rows()
    clock_at.forward(timedelta(days=2))
    assert seed() == printed
    assert rows() == before


def an_emergency_waits_for_its_review() -> None:
    (opening,) = EmergencyOpening.objects.waiting()
    assert opening.until < clock.now()
    (due,) = Deadline.objects.open().filter(kind="emergency_review")
    assert due.due_at > clock.now()
    assert pages_read([opening]) == {opening.pk: 3}


def every_state_is_there() -> None:
    assert absent() == []
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
    open_ones = Deadline.objects.open()
    assert not open_ones.filter(case_id__in=Case.objects.filter(state=CaseState.CLOSED).values("pk")).exists()
    assert open_ones.filter(due_at__lt=now).exists()
    assert open_ones.filter(due_at__gt=now).exists()


def files_went_the_whole_way() -> None:
    """By the services, not by an import: each state of the lifecycle, each step of its main path, each end."""
    own = Case.objects.filter(imported_at=None)
    assert set(own.values_list("state", flat=True)) == set(CaseState.values)
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {f"case.{edge.name}" for edge in LIFECYCLE.edges} - verbs <= NOT_TOLD
    # What came back: closed and reopened, missing and found.
    active = own.filter(state=CaseState.ACTIVE)
    for step in ("case.reopen", "case.resume"):
        assert active.filter(pk__in=AuditEvent.objects.filter(verb=step).values("case_id")).exists()
    fullest = own.filter(
        documents__media_type="application/pdf",
        interviews__number=2,
        voices__answered_on__isnull=False,
        visits__done_on__isnull=False,
        links_made__kind=LinkKind.SAME_SUSPECT,
    )
    assert fullest.exists()
    conferences = Conference.objects.filter(case__in=fullest)
    assert conferences.filter(closed_at__isnull=False, decisions__task__done_at__isnull=False).exists()
    assert conferences.filter(starts_at__gt=clock.now()).exists()
    assert Appointment.objects.filter(case__in=fullest, kind="hearing").exists()
    assert Person.objects.exclude(conflict=Conflict.NONE).count() > 1
    assert TravelFitness.objects.exists()


def everybody_finds_something_to_do(people: Mapping[str, User]) -> None:
    now = clock.now()
    for partner in ("petra", "dr-mila", "lex"):
        total, _late = counts(together(deadlines_of(people[partner])), now)
        assert total, partner
    assert counts(late(together(deadlines_of(people["ana"])), now), now)[0]
    found = {approval.title for approval in waiting(people["sami"]).approvals}
    assert found == {str(LIFECYCLE.edge(name).label) for name in ("activate", "close", "end_early")}
    loads = [load.files for load in caseload(people["sami"]).workers]
    assert len(set(loads)) == len(loads) == 3
    assert Cover.objects.running().exists()
    assert DutyShift.objects.filter(ends_at__gt=now, cancelled_at=None).exists()


def the_clinic_s_clocks_run() -> None:
    """Of the child that was harmed last, some time is left."""
    soon = Deadline.objects.open().filter(kind="prophylaxis", due_at__gt=clock.now())
    assert set(soon.values_list("case_id", flat=True)) <= set(Case.objects.values_list("pk", flat=True))
    assert soon.exists()


def waiting_reports() -> int:
    return Report.objects.filter(case=None).count()
