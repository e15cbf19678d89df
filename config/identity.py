"""The agencies' own identity providers, from the file IDENTITY_PROVIDERS. No secret of them is in a database.

One table for each:

    [[provider]]
    id = "north"                       # in addresses, and what an account is bound to
    name = "Northern district"         # on the button
    agency = "arvania-north"           # whose people it may vouch for
    server = "https://id.north.example"
    client_id = "homeward"
    client_secret_file = "/run/secrets/north"
    second_factor = ["mfa", "hwk"]     # values of `amr` or `acr` that say a second factor was asked for
"""

import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ASKED = ("id", "name", "agency", "server", "client_id", "client_secret_file")
# RFC 8176: several factors were used.
DEFAULT_FACTOR = ("mfa",)


class BadProviders(ValueError):
    """A sentence for whoever runs the installation; nothing of a secret is in it."""


def read(path: Path, *, plain_http: bool) -> list[dict[str, Any]]:
    """As allauth wants its apps. `plain_http` is for a provider on loopback in a demo. Raises BadProviders."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("provider", [])
    except OSError as error:
        raise BadProviders(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise BadProviders(f"{path} is not TOML.") from None
    apps = [_app(entry, path.parent, plain_http=plain_http) for entry in entries]
    if len({app["provider_id"] for app in apps}) < len(apps):
        raise BadProviders("Two providers have the same id.")
    return apps


def _app(entry: Any, folder: Path, *, plain_http: bool) -> dict[str, Any]:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) for name in ASKED):
        raise BadProviders(f"Each provider needs {', '.join(ASKED)}.")
    if not re.fullmatch(r"[a-z0-9-]{2,40}", entry["id"]):
        raise BadProviders("The id of a provider has 2 to 40 small letters, digits and hyphens.")
    if urlsplit(entry["server"]).scheme not in ("https", *(["http"] if plain_http else [])):
        raise BadProviders(f"The server of {entry['id']} must be an https:// address.")
    return {
        "provider_id": entry["id"],
        "name": entry["name"],
        "client_id": entry["client_id"],
        "secret": _secret(folder / entry["client_secret_file"], entry["id"]),
        "settings": {
            "server_url": entry["server"],
            "agency": entry["agency"],
            "second_factor": entry.get("second_factor", list(DEFAULT_FACTOR)),
            "oauth_pkce_enabled": True,
            # The answer is about who it is; name and address are none of our business.
            "scope": ["openid"],
            "fetch_userinfo": False,
        },
    }


def _secret(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        pass  # The error may hold what the file holds.
    raise BadProviders(f"The secret of {name} cannot be read from {path}.")
