"""The handover, from the arrival to the second signature: two people, two devices, one list."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts import live
from accounts.errors import Invalid
from accounts.models import User
from cases.models import Case
from repatriation.models import Handover, HandoverSignature, Return
from repatriation.models.choices import SeenPaper
from repatriation.services import handing
from tests.cases.asking import browser, get, last, statuses, told, verbs
from tests.cast import Cast
from tests.kept import kept
from tests.repatriation import handovers, ways
from tests.repatriation.handovers import send, sign, standing
from tests.repatriation.ways import Company

NAMED = "Baba Vosk"


@kept
def people(cast: Cast) -> Company:
    return ways.company(cast)


@kept
def case(cast: Cast) -> Case:
    return ways.active_case(cast)


@kept
def begun(people: Company, case: Case) -> Return:
    return handovers.begun(people, case)


def page(user: User, way: Return) -> str:
    return get(user, "handover", way.pk).content.decode()  # type: ignore[no-any-return]


def state(way: Return) -> str:
    return str(ways.fresh_row(way).state)


def said(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


# The page


def test_it_is_for_the_two_who_meet_and_for_who_reads_the_journey(people: Company, begun: Return) -> None:
    for user in (people.eskort, people.tomas, people.ana, people.sami):
        assert get(user, "handover", begun.pk).status_code == 200, user
    for user in (people.konsul, people.petra, people.cast.omar, people.fokus, people.ben):
        assert get(user, "handover", begun.pk).status_code == 404, user


def test_who_is_named_stands_on_it_for_the_two_alone(people: Company, begun: Return) -> None:
    for user in (people.eskort, people.tomas):
        assert NAMED in page(user, begun)
    for user in (people.ana, people.sami):
        assert NAMED not in page(user, begun)


def test_it_is_not_there_before_the_departure(people: Company, case: Case) -> None:
    way = ways.at(people, case, "ready")
    for user in (people.eskort, people.ana):
        assert get(user, "handover", way.pk).status_code == 404


def test_who_only_watches_may_not_take_part(people: Company, begun: Return) -> None:
    for name in ("arrive", "begin", "receiver", "line", "remarks", "sign", "complete", "fail"):
        asked = statuses(
            [people.ana, people.sami, people.cast.omar, people.konsul], f"handover_{name}", begun.pk
        )
        assert asked == [403, 403, 404, 404], name


def test_opened_by_itself_an_address_leads_to_the_page(people: Company, begun: Return) -> None:
    answer = get(people.eskort, "handover_line", begun.pk)
    assert answer["Location"] == f"/returns/{begun.pk}/handover/"
    assert get(people.petra, "handover_line", begun.pk).status_code == 404


# To begin


def test_the_page_says_that_the_child_has_arrived(people: Company, case: Case) -> None:
    way = ways.at(people, case, "departed")
    assert "The child has arrived" in page(people.eskort, way)
    assert send(people.tomas, way, "arrive").status_code == 302
    assert state(way) == "arrived"
    # The other one pressed the same button in the same moment.
    assert send(people.eskort, way, "arrive").status_code == 302
    assert [event.kind for event in way.events.filter(kind="arrive")] == ["arrive"]


@pytest.mark.parametrize("name", ["eskort", "tomas"])
def test_either_begins_and_it_has_begun_for_both(people: Company, case: Case, name: str) -> None:
    way = handovers.arrived(people, case)
    assert send(getattr(people, name), way, "begin").status_code == 302
    other = people.tomas if name == "eskort" else people.eskort
    assert send(other, way, "begin").status_code == 302
    handover = Handover.objects.get(way=way)
    assert handover.receiver.person is not None
    assert handover.receiver.person.name == NAMED
    assert handover.lines == ["Passport", "Inhaler"]
    assert last(case.pk, "return.handover_begun").sections == ["return_journey"]
    assert way.events.filter(kind="handover_begun").count() == 1


def test_it_does_not_begin_on_the_way(people: Company, case: Case) -> None:
    way = ways.at(people, case, "departed")
    answer = send(people.eskort, way, "begin")
    assert answer.status_code == 422
    assert "A handover begins when the child has arrived." in said(answer)
    assert not Handover.objects.exists()


# The papers


def test_the_escort_looks_at_the_papers_and_only_their_kind_is_kept(people: Company, begun: Return) -> None:
    assert send(people.eskort, begun, "receiver", is_named="yes", paper="passport").status_code == 302
    handover = standing(begun)
    assert (handover.receiver_matches, handover.paper) == (True, "passport")
    assert "The escort has looked: it is the one named (Passport)." in page(people.tomas, begun)
    event = last(begun.case_id, "return.receiver_matched")
    assert (event.details["matches"], event.details["paper"]) == (True, "passport")


def test_who_receives_the_child_does_not_look_at_its_own_papers(people: Company, begun: Return) -> None:
    assert send(people.tomas, begun, "receiver", is_named="yes", paper="passport").status_code == 403
    with pytest.raises(PermissionDenied):
        handing.match_receiver(begun.pk, actor=people.tomas, matches=True, paper=SeenPaper.PASSPORT)


def test_it_asks_by_which_document(people: Company, begun: Return) -> None:
    answer = send(people.eskort, begun, "receiver", is_named="yes")
    assert answer.status_code == 422
    assert "Choose which document you have looked at." in said(answer)
    assert not standing(begun).receiver_matches


def test_somebody_else_stands_there(people: Company, begun: Return) -> None:
    send(people.eskort, begun, "receiver", is_named="yes", paper="passport")
    assert send(people.eskort, begun, "receiver", is_named="no").status_code == 302
    assert not standing(begun).receiver_matches
    assert "Signing is possible when" in page(people.tomas, begun)


# The list


def test_each_line_is_gone_through_by_either(people: Company, begun: Return) -> None:
    assert send(people.eskort, begun, "line", place=1, there="yes").status_code == 302
    assert not standing(begun).list_done
    assert send(people.tomas, begun, "line", place=2, there="no").status_code == 302
    handover = standing(begun)
    assert (handover.ticked, handover.missing, handover.list_done) == (["Passport"], ["Inhaler"], True)
    send(people.tomas, begun, "line", place=2, there="yes")
    handover = standing(begun)
    assert (handover.ticked, handover.missing) == (["Passport", "Inhaler"], [])
    event = last(begun.case_id, "return.line_ticked")
    assert (event.details["place"], event.details["there"]) == (2, True)


@pytest.mark.parametrize("place", [0, 3, "x"])
def test_there_is_no_such_line(people: Company, begun: Return, place: object) -> None:
    assert send(people.eskort, begun, "line", place=place, there="yes").status_code == 422
    assert standing(begun).ticked == []


def test_the_other_page_is_told_of_a_tick(
    people: Company, begun: Return, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints: list[str] = []
    monkeypatch.setattr(live, "hint", lambda kind, *_ids: hints.append(kind))
    before = handing.numbers([begun.pk])[begun.pk]
    handing.tick_line(begun.pk, actor=people.eskort, place=1, there=True)
    assert "handover" in hints
    # A page that had no line meanwhile finds that it has missed something.
    assert handing.numbers([begun.pk])[begun.pk] > before


def test_remarks_are_seen_by_both(people: Company, begun: Return) -> None:
    assert send(people.tomas, begun, "remarks", words="The bear has lost an eye.").status_code == 302
    assert "The bear has lost an eye." in page(people.eskort, begun)
    assert "return.handover_remarked" in verbs(begun.case_id)


def test_nothing_in_a_remark_turns_the_order_of_its_signs(people: Company, begun: Return) -> None:
    send(people.tomas, begun, "remarks", words="Signed \u202eyb\u202c \u2066Tomas\u2069.\nNo more.")
    assert handovers.standing(begun).remarks == "Signed yb Tomas.\nNo more."


# The signatures


def test_the_second_signature_hands_the_child_over(people: Company, begun: Return) -> None:
    handovers.gone_through(people, begun)
    assert sign(people.eskort, begun).status_code == 302
    assert state(begun) == "arrived"
    assert "You have signed." in page(people.eskort, begun)
    assert sign(people.tomas, begun).status_code == 302
    assert state(begun) == "monitoring"
    assert {(row.signed_as, row.signer) for row in HandoverSignature.objects.all()} == {
        ("escort", people.eskort),
        ("receiver", people.tomas),
    }
    kinds = list(begun.events.values_list("kind", flat=True))
    assert kinds[-4:] == ["handover_signed", "handover_signed", "hand_over", "begin_visits"]
    assert "return.hand_over" in told(people.ana)
    for user in (people.eskort, people.tomas, people.ana):
        assert "The child was handed over." in page(user, begun)
        assert NAMED not in page(user, begun)


def test_a_wrong_password_signs_nothing(people: Company, begun: Return) -> None:
    handovers.gone_through(people, begun)
    answer = sign(people.eskort, begun, password="guessed")
    assert answer.status_code == 422
    assert "This is not your password. Nothing was signed." in said(answer)
    assert "guessed" not in said(answer)
    assert not HandoverSignature.objects.exists()


@pytest.mark.parametrize("lacks", ["papers", "list"])
def test_nobody_signs_for_what_was_not_gone_through(people: Company, begun: Return, lacks: str) -> None:
    handovers.gone_through(people, begun)
    if lacks == "papers":
        handing.match_receiver(begun.pk, actor=people.eskort, matches=False, paper=None)
    else:
        Handover.objects.filter(way=begun).update(list_done=False)
    answer = sign(people.eskort, begun)
    assert answer.status_code == 422
    assert "Look at the papers and go through the whole list before you sign." in said(answer)


def test_nobody_signs_for_what_the_page_did_not_show(people: Company, begun: Return) -> None:
    handovers.gone_through(people, begun)
    seen = str(standing(begun).history.latest("history_id").history_id)
    handing.write_remarks(begun.pk, actor=people.tomas, words="One shoe is missing.")
    answer = sign(people.eskort, begun, seen=seen)
    assert answer.status_code == 422
    assert "Something was changed meanwhile." in said(answer)
    assert "One shoe is missing." in said(answer)
    assert not HandoverSignature.objects.exists()


def test_what_one_side_has_signed_changes_no_more(people: Company, begun: Return) -> None:
    handovers.gone_through(people, begun)
    sign(people.eskort, begun)
    for name, data in (("line", {"place": 1, "there": "no"}), ("remarks", {"words": "Late."})):
        answer = send(people.tomas, begun, name, **data)
        assert answer.status_code == 422
        assert "One side has signed already" in said(answer)
        # What was typed is not lost with it.
        assert str(data.get("words", "")) in said(answer)
    assert standing(begun).ticked == ["Passport", "Inhaler"]


def test_whoever_finds_a_mistake_begins_anew(people: Company, begun: Return) -> None:
    handovers.gone_through(people, begun)
    sign(people.eskort, begun)
    first = standing(begun)
    assert send(people.tomas, begun, "begin", anew="1").status_code == 302
    assert standing(begun).pk != first.pk
    assert (standing(begun).ticked, standing(begun).receiver_matches) == ([], False)
    assert first.signatures.count() == 1
    assert verbs(begun.case_id)[-1] == "return.handover_begun_anew"


def test_signing_twice_is_signing_once(people: Company, begun: Return) -> None:
    handovers.gone_through(people, begun)
    assert [sign(people.tomas, begun).status_code for _time in range(2)] == [302, 302]
    assert HandoverSignature.objects.count() == 1


def test_a_colleague_does_not_sign_for_the_same_side(people: Company, begun: Return) -> None:
    handovers.gone_through(people, begun)
    colleague = User.objects.create_account(
        "tudor", "x" * 20, name="Tudor", role=people.tomas.role, agency=people.tomas.agency
    )
    sign(people.tomas, begun)
    seen = str(standing(begun).history.latest("history_id").history_id)
    with pytest.raises(Invalid) as refused:
        handing.sign_handover(begun.pk, actor=colleague, seen=seen)
    assert "Somebody else has signed for your side already." in refused.value.sentence


def test_a_receiver_found_to_be_implicated_gets_no_child(people: Company, begun: Return) -> None:
    """Both signatures stay; the page says what forbids it, and not who did what."""
    handovers.gone_through(people, begun)
    sign(people.eskort, begun)
    ways.implicate(ways.grandmother(people, begun))
    assert sign(people.tomas, begun).status_code == 302
    assert state(begun) == "arrived"
    assert HandoverSignature.objects.count() == 2
    shown = page(people.eskort, begun)
    assert "Nobody who receives the child had a part in what happened." in shown
    assert "Do not hand the child over." in shown
    answer = send(people.eskort, begun, "complete")
    assert answer.status_code == 422
    assert "Nobody who receives the child had a part in what happened." in said(answer)


def test_it_is_completed_by_hand_where_what_forbade_it_is_put_right(people: Company, begun: Return) -> None:
    handovers.gone_through(people, begun)
    grandmother = ways.grandmother(people, begun)
    ways.implicate(grandmother)
    for user in (people.eskort, people.tomas):
        sign(user, begun)
    grandmother.conflict = ""
    grandmother.save()
    assert "Complete the handover" in page(people.tomas, begun)
    assert send(people.tomas, begun, "complete").status_code == 302
    assert state(begun) == "monitoring"


def test_a_form_that_is_sent_again_has_its_effect_once(people: Company, begun: Return) -> None:
    client, number = browser(people.eskort), "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    address = f"/returns/{begun.pk}/handover/line/"
    for _time in range(3):
        assert client.post(address, {"place": 1, "there": "yes", "once": number}).status_code == 302
    assert verbs(begun.case_id).count("return.line_ticked") == 1


def test_what_the_two_write_is_sealed(people: Company, begun: Return) -> None:
    send(people.tomas, begun, "remarks", words="The bear has lost an eye.")
    row = Handover.objects.filter(way=begun).values().get()
    assert "bear" not in str(row)
    assert "Passport" not in str(row)
