"""The pages of the tracks: who reads them, and what they tell."""

from accounts.access import Section
from cases.models import Case
from cases.settled import unsettled_tracks
from tests.cases import files
from tests.cases.asking import get, last
from tests.cases.care import REQUEST, give, step
from tests.cast import Cast


def test_who_may_read_a_track(cast: Cast, case: Case) -> None:
    give(case, cast.petra, Section.MEDICAL, may_write=False)
    for page in ("legal", "medical", "rehabilitation"):
        assert get(cast.ana, page, case.pk).status_code == 200
        assert get(cast.sami, page, case.pk).status_code == 200
        assert last(case.pk, "case.read").sections == [page]
        for stranger in (cast.omar, cast.ben, cast.aida, cast.hotline):
            assert get(stranger, page, case.pk).status_code == 404
    assert [
        get(cast.petra, page, case.pk).status_code for page in ("legal", "medical", "rehabilitation")
    ] == [
        404,
        200,
        404,
    ]


def test_a_reader_sees_where_it_stands_and_no_step(cast: Cast, case: Case) -> None:
    page = get(cast.sami, "medical", case.pk).content.decode()
    assert "Not started" in page
    assert "/tracks/" not in page
    assert "/tracks/medical/begin_triage/" in get(cast.ana, "medical", case.pk).content.decode()


def test_the_case_page_has_a_lane_for_each_track_that_one_may_see(cast: Cast, case: Case) -> None:
    page = get(cast.ana, "case", case.pk).content.decode()
    for name in ("legal", "medical", "rehabilitation"):
        assert f'<h3><a href="/cases/{case.pk}/{name}/">' in page
    assert "Representation: Needed" in page
    give(case, cast.petra, Section.MEDICAL)
    page = get(cast.petra, "case", case.pk).content.decode()
    assert f'<h3><a href="/cases/{case.pk}/medical/">' in page
    assert f"/cases/{case.pk}/legal/" not in page
    assert "Representation: Needed" not in page


def test_the_lanes_follow_the_tracks(cast: Cast, case: Case) -> None:
    step(case, "medical", "find_no_care_needed", cast.ana, reason="Seen in hospital.")
    page = get(cast.ana, "case", case.pk).content.decode()
    assert '<p class="done-t">Not applicable</p>' in page
    assert '<p class="due-t">Not started</p>' in page
    assert {str(track) for track in unsettled_tracks(files.fresh(case))} == {"legal", "rehabilitation"}


def test_history_tells_the_steps_in_the_words_of_their_machine(cast: Cast, case: Case) -> None:
    step(case, "representation", "request_representative", cast.ana, **REQUEST)
    step(case, "medical", "begin_triage", cast.ana, incident="not_known")
    step(case, "medical", "name_incident", cast.ana, incident="longer")
    page = get(cast.ana, "case_history", case.pk).content.decode()
    assert "requested a representative" in page
    assert "Representation: Needed → Requested" in page
    assert "Medical care: Not started → Triage" in page
    assert "Medical care: Triage</p>" in page
    give(case, cast.petra, Section.LEGAL)
    page = get(cast.petra, "case_history", case.pk).content.decode()
    assert "requested a representative" in page
    assert "triage" not in page.lower()
