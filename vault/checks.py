"""System checks of the vault."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from vault.errors import KeyRingError
from vault.keyring import ring


def check_keyring(app_configs: Sequence[AppConfig] | None, **_facts: Any) -> list[CheckMessage]:
    """Commands stop with the sentence that says what is wrong with the ring, before anything is read."""
    try:
        ring()
    except KeyRingError as error:
        return [Error(str(error), id="vault.E010")]
    return []
