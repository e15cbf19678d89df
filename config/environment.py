"""The environment as settings read it: X itself, or X_FILE, which names a file that holds X.

Containers hand secrets over as files: a variable is inherited by every child process and shown by every tool
that lists a container.
"""

import os
from typing import Any

from environs import FileAwareEnv


class Environment(FileAwareEnv):
    """Collects what is wrong, with files as with values; `seal()` then raises all of it at once."""

    def __init__(self) -> None:
        super().__init__(eager=False, strip_whitespace=True)
        self._unread: dict[str, str] = {}

    def names(self, name: str) -> bool:
        """Whether the setting is given in either way."""
        return name in os.environ or bool(os.environ.get(f"{name}_FILE"))

    def mail_server(self, name: str) -> dict[str, Any]:
        """Django's settings of it; nothing where the setting is not given, or empty."""
        if not self.str(name, ""):
            return {}
        parsed: dict[str, Any] = self.dj_email_url(name) or {}
        if not str(parsed.get("EMAIL_BACKEND")).endswith("smtp.EmailBackend") or not parsed["EMAIL_HOST"]:
            # What was given may hold a password.
            self._unread[name] = "Write submission://USER:PASSWORD@HOST:587, or smtp://HOST:25."
        return parsed

    def _get_value(self, env_key: str, default: Any) -> Any:
        if os.environ.get(env_key) and os.environ.get(f"{env_key}_FILE"):
            self._unread[env_key] = f"Set {env_key} or {env_key}_FILE, not both."
            return default
        try:
            return super()._get_value(env_key, default)
        except (OSError, ValueError):
            # The error itself may hold what the file holds, so it is not passed on.
            self._unread[env_key] = f"The file that {env_key}_FILE names cannot be read as text."
            return default

    def seal(self) -> None:
        # Instead of what followed from it: "not set".
        self._errors = {**self._errors, **{name: [sentence] for name, sentence in self._unread.items()}}
        super().seal()
