"""The zone of a travel document, with the specimens of ICAO 9303: what is mistyped is found, and where."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repatriation import zone
from repatriation.forms.consulate import DocumentForm, fault_sentence
from repatriation.zone import CHECK, DIGIT, SIGN, SIZE, Fault

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
LONG = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
# What a check digit covers, line by line, counted from 0; names, country and sex have none.
COVERED = {
    TD3: [(1, place) for place in (*range(10), *range(13, 20), *range(21, 44))],
    TD2: [(1, place) for place in (*range(10), *range(13, 20), *range(21, 36))],
    TD1: [(0, place) for place in range(5, 30)]
    + [(1, place) for place in (*range(7), *range(8, 15), *range(18, 30))],
}


def number(size: int) -> st.SearchStrategy[str]:
    return st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=size)


def changed(text: str, line: int, place: int, sign: str) -> str:
    lines = text.split("\n")
    lines[line] = lines[line][:place] + sign + lines[line][place + 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "found", "expires"),
    [
        (TD3, "L898902C3", date(2012, 4, 15)),
        (TD1, "D23145890", date(2012, 4, 15)),
        (TD2, "D23145890", date(2012, 4, 15)),
        (LONG, "D23145890734", date(1995, 7, 12)),
    ],
)
def test_the_specimens(text: str, found: str, expires: date) -> None:
    read = zone.read(text)
    assert (read.number, read.expires_on, read.holds) == (found, expires, True)
    assert zone.faults(text) == []
    assert zone.agrees(text, number=found, expires_on=expires)
    assert not zone.agrees(text, number=found + "1", expires_on=expires)
    assert not zone.agrees(text, number=found, expires_on=date(2030, 1, 1))


@pytest.mark.parametrize("text", [TD3, TD2, TD1], ids=["TD3", "TD2", "TD1"])
def test_each_changed_sign_is_found(text: str) -> None:
    """Every place that a digit covers, every other sign; but what counts the same (A, K, U and 0) slips through."""
    lines = text.split("\n")
    missed = []
    for line, place in COVERED[text]:
        for sign in SIGNS:
            was = lines[line][place]
            if zone.check_digit(sign) == zone.check_digit(was):
                continue
            if not zone.faults(changed(text, line, place, sign)):
                missed.append((line, place, sign))
    assert missed == []


@pytest.mark.parametrize("text", [TD3, TD2, TD1], ids=["TD3", "TD2", "TD1"])
def test_a_fault_names_the_signs_among_which_it_is(text: str) -> None:
    for line, place in COVERED[text]:
        was = text.split("\n")[line][place]
        other = "1" if zone.check_digit(was) != zone.check_digit("1") else "2"
        wrong = zone.faults(changed(text, line, place, other))
        assert wrong != []
        # The last digit of all covers several stretches; it says that itself.
        told = [fault for fault in wrong if fault.part != zone.WHOLE]
        assert all(fault.line == line + 1 and fault.first <= place + 1 <= fault.last for fault in told)


@given(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=20), st.data())
def test_two_neighbours_that_changed_places(signs: list[str], data: st.DataObject) -> None:
    """Found unless they count the same modulo 5: the weights 7, 3 and 1 differ by even numbers."""
    place = data.draw(st.integers(0, len(signs) - 1))
    other = signs[:place] + signs[place : place + 2][::-1] + signs[place + 2 :]
    one, two = (zone.check_digit("".join(each)) for each in (signs, other))
    values = [zone.check_digit(sign) * 3 % 10 for sign in signs[place : place + 2]]
    same = len(values) < 2 or (values[0] - values[1]) % 5 == 0
    assert (one == two) == same


@given(number(9), st.dates(date(2027, 1, 1), date(2049, 12, 31)))
def test_what_is_written_by_the_rules_is_read(found: str, expires: date) -> None:
    held = f"{found:<9}"[:9].replace(" ", "<")
    held += str(zone.check_digit(held))
    last = f"{expires:%y%m%d}"
    last += str(zone.check_digit(last))
    body = f"{held}UTO7408122F{last}{'<' * 14}<"
    covered = body[:10] + body[13:20] + body[21:43]
    text = f"P<UTOERIKSSON<<ANNA{'<' * 25}\n{body}{zone.check_digit(covered)}"
    assert zone.faults(text) == []
    assert zone.agrees(text, number=found.lower(), expires_on=expires)


@given(number(6))
def test_a_long_number_goes_on_where_there_is_room(rest: str) -> None:
    whole = "D23145890" + rest
    tail = f"{rest}{zone.check_digit(whole)}"
    first = f"I<UTOD23145890<{tail}".ljust(30, "<")
    second = "7408122F1204159UTO<<<<<<<<<<<"
    covered = first[5:] + second[:7] + second[8:15] + second[18:29]
    text = f"{first}\n{second}{zone.check_digit(covered)}\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    assert (zone.read(text).number, zone.faults(text)) == (whole, [])
    wrong = str((zone.check_digit(whole) + 1) % 10)
    broken = text.replace(f"<{tail}", f"<{rest}{wrong}", 1)
    (fault, *_more) = zone.faults(broken)
    assert (fault.part, fault.line, fault.last) == (zone.NUMBER, 1, 16 + len(rest))


@given(st.text(max_size=140))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    wrong = zone.faults(text)
    assert all(fault_sentence(fault) for fault in wrong)
    if wrong:
        assert not zone.agrees(text, number="L898902C3", expires_on=None)


def test_small_letters_spaces_and_blank_lines_are_forgiven() -> None:
    typed = "\n\n " + TD3.lower().replace("<<", "«").replace("uto", " uto ") + "\n \n"
    assert zone.faults(typed) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (TD3[:-1], Fault(SIZE)),
        (TD3.split("\n")[0], Fault(SIZE)),
        ("ABC", Fault(SIZE)),
        (changed(TD3, 1, 3, "é"), Fault(SIGN, "", 2, 4, 4, "É")),
        (changed(TD3, 1, 14, "O"), Fault(DIGIT, zone.BORN, 2, 15, 15, "O")),
        (changed(TD3, 1, 0, "M"), Fault(CHECK, zone.NUMBER, 2, 1, 10, "6", "3")),
        (changed(TD3, 1, 27, "8"), Fault(CHECK, zone.EXPIRES, 2, 22, 28, "8", "9")),
        (changed(TD3, 1, 43, "1"), Fault(CHECK, zone.WHOLE, 2, 44, 44, "1", "0")),
    ],
)
def test_what_is_wrong_and_where(text: str, fault: Fault) -> None:
    assert zone.faults(text)[0] == fault


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({}, "", ""),
        ({"zone": changed(TD3, 1, 0, "M")}, "zone", "Line 2, signs 1 to 10, the number of the document"),
        ({"zone": changed(TD3, 1, 14, "O")}, "zone", "Line 2, sign 15: “O” stands where a digit belongs"),
        ({"zone": changed(TD3, 1, 43, "1")}, "zone", "Line 2, sign 44: the last digit checks the others"),
        ({"zone": "L898902C3"}, "zone", "two of 44 or 36 signs, or three of 30"),
        ({"number": "L898902C4"}, "zone", "The number in these lines is another one"),
        ({"expires_on_year": 2013}, "zone", "The last day in these lines is another one"),
        ({"expires_on_year": 2000}, "expires_on", "A document ends after the day on which it was issued."),
    ],
)
def test_the_form_says_it_in_a_sentence(changes: dict[str, object], field: str, sentence: str) -> None:
    data = {"code": "new_passport", "number": "l898 902-C3", "zone": TD3}
    data |= {"issued_on_day": "1", "issued_on_month": "5", "issued_on_year": "2007"}
    data |= {"expires_on_day": "15", "expires_on_month": "4", "expires_on_year": "2012"}
    form = DocumentForm(data | changes)
    assert form.is_valid() == (not field)
    assert sentence in " ".join(map(str, form.errors.get(field) or []))
