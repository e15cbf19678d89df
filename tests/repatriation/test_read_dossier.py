"""What a panel reads: its column of the access table, recorded, and nothing else."""

from accounts.access import Section
from accounts.models import AuditEvent
from cases.models import Case, Note
from cases.models.registers import HealthRecordKind
from cases.services.notes import write_note
from cases.services.registers import record_health
from repatriation.models import Return
from tests.cases import facts
from tests.cases.asking import get, last
from tests.repatriation import sitting, ways
from tests.repatriation.ways import Company

COLUMN = {
    "identity",
    "contacts",
    "account",
    "risk",
    "legal",
    "medical",
    "rehabilitation",
    "return_decision",
    "return_journey",
}


def test_it_shows_the_panels_column_and_records_the_reading(
    people: Company, case: Case, waiting: Return
) -> None:
    facts.placement(case, people.ana)
    record_health(
        case.pk,
        actor=people.ana,
        kind=HealthRecordKind.TREATMENT_PLAN,
        words="A scar that nobody asks about.",
    )
    for words in ("An older summary.", "Sleeps well again; asthma."):
        record_health(case.pk, actor=people.ana, kind=HealthRecordKind.SUMMARY, words=words)
    sitting.convened(people, waiting)
    page = get(people.pavel, "panel_dossier", waiting.pk)
    shown = page.content.decode()
    assert page.status_code == 200
    assert "Sleeps well again; asthma." in shown
    assert "I want to see my grandmother." in shown
    assert "Nobody of the network is left there." in shown
    assert "Baba Vosk" in shown
    for hidden in ("A scar that nobody asks about.", "An older summary.", "Mill Lane 3"):
        assert hidden not in shown
    event = last(case.pk, "return.dossier_read")
    assert event.actor == people.pavel
    assert set(event.sections) == COLUMN
    assert event.details["basis"] == ["panel"]


def test_it_holds_no_note(people: Company, case: Case, waiting: Return) -> None:
    write_note(case.pk, actor=people.ana, words="She whispered something to me.", section=Section.RISK)
    sitting.convened(people, waiting)
    assert Note.objects.exists()
    assert "She whispered" not in get(people.pia, "panel_dossier", waiting.pk).content.decode()


def test_it_is_for_members_alone(people: Company, waiting: Return) -> None:
    sitting.convened(people, waiting)
    for other in (people.ana, people.sami, people.ben, people.selim, people.tomas, people.cast.omar):
        assert get(other, "panel_dossier", waiting.pk).status_code == 404
    assert not AuditEvent.objects.filter(verb="return.dossier_read").exists()


def test_it_closes_when_the_decision_is_taken(people: Company, waiting: Return) -> None:
    sitting.signed(people, waiting)
    assert get(people.paula, "panel_dossier", waiting.pk).status_code == 200
    ways.step(waiting, "decide_return", people.pia)
    for member in sitting.members(people):
        assert get(member, "panel_dossier", waiting.pk).status_code == 404
        assert get(member, "panel", waiting.pk).status_code == 404
