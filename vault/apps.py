from django.apps import AppConfig
from django.core.checks import register

from vault.checks import check_keyring


class VaultConfig(AppConfig):
    name = "vault"

    def ready(self) -> None:
        register(check_keyring)
