"""Which database a row lives in: wrapped data keys in the key store, everything else in the application's database."""

from typing import Any

from django.db.models import Model

KEY_STORE_APP = "vault"


class Router:
    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return "keys" if model._meta.app_label == KEY_STORE_APP else None

    db_for_write = db_for_read

    def allow_relation(self, left: Model, right: Model, **hints: Any) -> bool:
        return (left._meta.app_label == KEY_STORE_APP) == (right._meta.app_label == KEY_STORE_APP)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """The application's role (`default`) migrates nothing: it owns nothing."""
        return {"keys": app_label == KEY_STORE_APP, "owner": app_label != KEY_STORE_APP}.get(db, False)
