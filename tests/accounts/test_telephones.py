"""What a telephone number looks like, and how it is dialled: the same on every page."""

import pytest

from accounts.telephones import dialled, is_number


@pytest.mark.parametrize(
    ("written", "dial"),
    [
        ("+43 1 100 200", "+431100200"),
        ("(01) 234-56/7.8", "012345678"),
        ("+373 22 300 ext. 12", "+37322300;ext=12"),
        ("+373 22 300 доб. 7", "+37322300;ext=7"),
        ("+373 22 300x45", "+37322300;ext=45"),
    ],
)
def test_it_is_one_and_this_is_dialled(written: str, dial: str) -> None:
    assert is_number(written)
    assert dialled(written) == dial


@pytest.mark.parametrize(
    "written", ["", "1234", "+ () -", "call Ana", "+43 1 100 <b>", "12+345", "٠١٢٣٤٥٦", "+43 1 100 ext. abc"]
)
def test_it_is_none(written: str) -> None:
    assert not is_number(written)
