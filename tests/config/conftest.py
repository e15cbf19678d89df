from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.processes import Data, data_in


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Data]:
    with data_in(tmp_path / "data") as made:
        yield made
