"""Whoever rewrites audit and history after they were sealed is found, and the first entry that is wrong is named."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from accounts import covered, sealing
from accounts.models import AuditEvent, Notification, Seal, SealCheck
from accounts.verifying import Broken, Fault, verify
from accounts.vouching import look
from cases.models import Case
from cases.models.choices import Purpose
from tests.accounts.records import a_record, remember_agencies
from tests.cases import files
from tests.cast import Cast
from tests.trials.tampering import rewriting
from vault import heads
from vault.models import KnownHead

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_horizon")]
SEAL = "accounts.seal"


def as_owner(*statements: str) -> None:
    """Committed."""
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def told(capsys: pytest.CaptureFixture[str], **options: Any) -> str:
    call_command("verify_audit", **options)
    return capsys.readouterr().out


def refused(**options: Any) -> str:
    with pytest.raises(CommandError) as error:
        call_command("verify_audit", **options)
    assert error.value.returncode == 1
    return str(error.value)


def found(*statements: str) -> Broken | None:
    """What verification says while these statements of the owner hold; then they are undone."""
    with rewriting() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return verify(using="owner").broken


def three_seals(cast: Cast) -> Case:
    case = a_record(cast)
    for purpose in (Purpose.SERVICES, Purpose.DATA):
        files.agree(case, cast.ana, purpose)
        assert sealing.seal_all() == 1
    assert verify(using="owner").broken is None
    return case


def test_it_says_that_all_is_whole_and_how_much_waits(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    agencies = remember_agencies()
    assert f"Nothing is sealed yet; {agencies} entries wait." in told(capsys)
    case = a_record(cast)
    report = verify()
    assert (report.broken, report.unsealed, report.seals) == (None, 0, 1)
    assert report.rows == sum(model._base_manager.count() for model in covered.lasting_models().values())
    files.agree(case, cast.ana, Purpose.SERVICES)
    waiting = sealing.waiting().rows
    assert waiting == verify().unsealed > 1
    said = told(capsys)
    assert f"whole: {report.rows} entries in 1 seals" in said
    assert f"{waiting} entries are not sealed yet" in said


def test_it_names_the_first_of_several(cast: Cast) -> None:
    three_seals(cast)
    first, *_rest, last = AuditEvent.objects.order_by("pk").values_list("pk", flat=True)
    statement = "UPDATE accounts_auditevent SET verb = 'x' WHERE id IN ({}, {})".format
    as_owner(statement(last, first))
    said = refused()
    assert said == (
        f"First broken entry: accounts.auditevent {first} was changed after it was sealed. Seal 1 tells."
    )


def test_what_was_put_in_is_known_before_and_after_it_is_sealed(cast: Cast) -> None:
    a_record(cast)
    as_owner(
        "INSERT INTO accounts_auditevent (stamp, at, actor_role, verb, target_label, sections, details)"
        " VALUES ('', now(), '', 'case.read', 'cases.case', '{}', '{}')"
    )
    row = str(AuditEvent.objects.latest("pk").pk)
    broken = verify().broken
    assert broken == Broken(Fault.FOREIGN, "accounts.auditevent", row)
    assert sealing.seal_all() == 1
    seal = Seal.objects.latest("number")
    assert verify().broken == Broken(Fault.FOREIGN, "accounts.auditevent", row, seal.number)


def test_nobody_keeps_a_row_from_being_sealed(cast: Cast) -> None:
    """With a number that is still to come it would wait for ever, and could be changed as long."""
    case = a_record(cast)
    files.agree(case, cast.ana, Purpose.SERVICES)
    row = str(AuditEvent.objects.latest("pk").pk)
    later = f"UPDATE accounts_auditevent SET written_in = written_in + {{}} WHERE id = {row}"
    assert found(later.format(10**9)) == Broken(Fault.FOREIGN, "accounts.auditevent", row)
    assert verify().broken is None


def test_a_stamp_serves_one_row_of_one_table(cast: Cast) -> None:
    a_record(cast)
    copied = (
        "INSERT INTO accounts_auditevent (stamp, at, actor_role, verb, target_label, sections, details)"
        " SELECT stamp, now(), '', 'case.read', 'cases.case', '{{}}', '{{}}' FROM {} LIMIT 1"
    )
    same, other = found(copied.format("accounts_auditevent")), found(copied.format("cases_historicalcase"))
    assert same is not None
    assert (same.fault, same.label) == (Fault.TWICE, "accounts.auditevent")
    assert other is not None
    assert (other.fault, other.label) == (Fault.FOREIGN, "accounts.auditevent")


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several stretches of the chain, as in a long one."""
    monkeypatch.setattr("accounts.verifying.MOST_SEALS", 2)


@pytest.mark.usefixtures("_quick")
def test_the_chain_itself_cannot_be_rewritten(cast: Cast) -> None:
    three_seals(cast)
    of_seal = "DELETE FROM accounts_sealpart WHERE seal_id {0}; DELETE FROM accounts_seal WHERE number {0}"
    swap = (
        "UPDATE accounts_sealpart SET seal_id = seal_id + 10 WHERE seal_id IN (2, 3)",
        "UPDATE accounts_sealpart SET seal_id = 15 - seal_id WHERE seal_id IN (12, 13)",
        "UPDATE accounts_seal SET number = number + 10 WHERE number IN (2, 3)",
        "UPDATE accounts_seal SET number = 15 - number WHERE number IN (12, 13)",
    )
    flip = "set_byte({0}, 0, (get_byte({0}, 0) + 1) % 256)"
    everywhere = "UPDATE accounts_seal SET {} WHERE number = 2"
    for statements, fault, number in (
        ((of_seal.format("= 2"),), Fault.SEAL_MISSING, "2"),
        ((of_seal.format("= 1"),), Fault.SEAL_MISSING, "1"),
        ((of_seal.format("= 3"),), Fault.CUT_OFF, "3"),
        ((of_seal.format("> 0"),), Fault.CUT_OFF, "3"),
        (swap, Fault.SEAL_CHANGED, "2"),
        ((everywhere.format("sealed_at = sealed_at - interval '1 day'"),), Fault.SEAL_CHANGED, "2"),
        ((everywhere.format("upto = upto - 1"),), Fault.SEAL_CHANGED, "2"),
        ((everywhere.format("total = total + 1"),), Fault.SEAL_CHANGED, "2"),
        ((everywhere.format("key_name = 's9'"),), Fault.SEAL_CHANGED, "2"),
        ((everywhere.format("signature = " + flip.format("signature")),), Fault.SEAL_CHANGED, "2"),
        (("UPDATE accounts_sealpart SET digests = " + flip.format("digests"),), Fault.SEAL_CHANGED, "1"),
        (("UPDATE accounts_sealpart SET ids = " + flip.format("ids"),), Fault.SEAL_CHANGED, "1"),
        (("UPDATE accounts_sealpart SET columns = columns[2:]",), Fault.SEAL_CHANGED, "1"),
        (("DELETE FROM accounts_sealpart WHERE seal_id = 2",), Fault.SEAL_CHANGED, "2"),
        (("DELETE FROM accounts_sealpart WHERE label LIKE 'cases.%'",), Fault.SEAL_CHANGED, "1"),
    ):
        assert found(*statements) == Broken(fault, SEAL, number, int(number)), statements


def test_a_chain_that_is_made_anew_is_not_the_one_that_is_known(cast: Cast) -> None:
    """Also with the right key: whoever steals the ring does not reach what was told elsewhere."""
    three_seals(cast)
    known = KnownHead.objects.get()
    as_owner("DELETE FROM accounts_sealpart; DELETE FROM accounts_seal")
    as_owner("UPDATE accounts_auditevent SET verb = 'x' WHERE id = (SELECT min(id) FROM accounts_auditevent)")
    KnownHead.objects.all().delete()
    sealing.seal_all()
    assert verify().broken is None
    KnownHead.objects.all().delete()
    KnownHead.objects.create(number=1, digest=known.digest)
    assert verify().broken == Broken(Fault.REWRITTEN, SEAL, "1", 1)


def test_the_gap_of_a_cut_chain_stays(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    """As after a restored backup: what is sealed then goes on behind what is known elsewhere."""
    case = three_seals(cast)
    as_owner("DELETE FROM accounts_sealpart WHERE seal_id > 1; DELETE FROM accounts_seal WHERE number > 1")
    assert "known elsewhere and missing here" in refused()
    files.agree(case, cast.ana, Purpose.SERVICES)
    assert sealing.seal_all() == 1
    assert sorted(Seal.objects.values_list("number", flat=True)) == [1, 4]
    assert "accounts.seal 2 is missing from the chain" in refused()
    assert "accounts.seal 3 is missing" in refused(lost=range(2, 3))
    assert "in 2 seals" in told(capsys, lost=range(2, 4))


def test_a_gap_that_was_accepted_hides_nothing_behind_it(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    case = three_seals(cast)
    as_owner("DELETE FROM accounts_sealpart WHERE seal_id > 1; DELETE FROM accounts_seal WHERE number > 1")
    files.agree(case, cast.ana, Purpose.SERVICES)
    sealing.seal_all()
    assert look().fault == Fault.SEAL_MISSING
    told(capsys, lost=range(2, 4), accept=True)
    assert [notice.receiver for notice in Notification.objects.filter(kind="audit.gap")] == [cast.aida]
    assert look().fault == ""
    row = AuditEvent.objects.filter(written_in__gte=Seal.objects.get(number=4).since).earliest("pk").pk
    as_owner(f"DELETE FROM accounts_auditevent WHERE id = {row}")
    assert look().fault == Fault.MISSING


def test_a_head_that_was_taken_away_shows_what_was_cut_off(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    three_seals(cast)
    head, key = tmp_path / "head.json", tmp_path / "key.pem"
    assert "Head 3: " in told(capsys, export=head, key=key)
    assert heads.main([str(head), "--key", str(key)]) == 0
    told(capsys, head=[head])
    KnownHead.objects.all().delete()
    as_owner("DELETE FROM accounts_sealpart WHERE seal_id = 3; DELETE FROM accounts_seal WHERE number = 3")
    told(capsys)
    assert "accounts.seal 3 is known elsewhere and missing here" in refused(head=[head])
    sealing.seal_all()
    assert "accounts.seal 3 is another one" in refused(head=[head])
    head.write_text(head.read_text().replace('"rows": ', '"rows": 1'))
    assert "was changed after it was signed" in refused(head=[head])


def test_an_older_value_put_back_in_a_file_is_noticed(cast: Cast) -> None:
    """Sealed with the same key for the same place, so it opens without a complaint."""
    case = three_seals(cast)
    files.satisfy_registration(case, cast.ana)
    case.signpost = "first"
    case.save()
    case.signpost = "second"
    case.save()
    back = (
        "UPDATE cases_case SET signpost_sealed = past.signpost_sealed FROM cases_historicalcase AS past"
        " WHERE past.id = cases_case.id AND past.history_id = (SELECT min(history_id) FROM cases_historicalcase"
        f" WHERE id = '{case.pk}' AND signpost_sealed IS NOT NULL)"
    )
    assert found(back) == Broken(Fault.UNLIKE_HISTORY, "cases.case", str(case.pk))
    assert found("DELETE FROM cases_consent") is not None
    derived = f"UPDATE cases_child SET identity_digest = '7' WHERE case_id = '{case.pk}'"
    assert found(derived) is None


def test_the_nightly_look_tells_the_officers(cast: Cast) -> None:
    a_record(cast)
    assert (look().fault, Notification.objects.filter(kind="audit.broken").count()) == ("", 0)
    row = AuditEvent.objects.earliest("pk").pk
    as_owner(f"DELETE FROM accounts_auditevent WHERE id = {row}")
    check = look()
    assert (check.fault, check.label, check.row) == (Fault.MISSING, "accounts.auditevent", str(row))
    (notice,) = Notification.objects.filter(kind="audit.broken")
    assert (notice.receiver, notice.case_id) == (cast.aida, None)
    assert SealCheck.objects.count() == 2
