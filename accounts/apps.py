from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        # Both speak of models, which are there only now.
        from accounts import grants, lists
        from accounts.certificates import check_trust_roots
        from accounts.directory import AGENCIES

        register(check_trust_roots)
        lists.register(AGENCIES)
        # One sender, so once per run; every migration of every app is done before the first of these signals.
        post_migrate.connect(grants.after_migrate, sender=self)
