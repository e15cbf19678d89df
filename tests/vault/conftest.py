"""Files of two children, sealed with keys of their own, and a ring that belongs to one test."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from cases.models import Case, Child
from tests.cast import Cast
from vault import keyring, keys

# Unlike any word of the house, so that a search for it finds only leaks.
CANARY = "Žofia Canarywren"


@pytest.fixture(autouse=True)
def _keys_of_this_test_only() -> Iterator[None]:
    keys.forget_cached()
    yield
    keys.forget_cached()


def new_child(cast: Cast) -> Child:
    case = Case(agency=cast.ana.agency, pk=uuid4())
    keys.create(case.pk)
    case.save(force_insert=True)
    child = Child(case=case)
    child.known_as = CANARY
    child.save(force_insert=True)
    return child


@pytest.fixture
def child(cast: Cast) -> Child:
    return new_child(cast)


@pytest.fixture
def other_child(cast: Cast) -> Child:
    return new_child(cast)


@pytest.fixture
def ring_file(tmp_path: Path) -> Path:
    """A well-formed ring that only its owner may read."""
    path = tmp_path / "ring.json"
    path.touch(mode=0o600)
    path.write_text(keyring.new_keyring_json())
    return path
