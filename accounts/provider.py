"""An agency's own identity provider (OpenID Connect). allauth finds this module by its name.

The flow is the library's: authorization code, state, PKCE. Ours are the nonce, the check of the signature, and what
counts: only the subject, which an administrator has bound to an account.
"""

import hmac
import secrets
from collections.abc import Iterable
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from jwt import PyJWK, PyJWKSet

NONCE = "identity.nonce"
PROVIDER = "agency"
# By a key pair alone: whoever knows the secret of both sides signs nothing in the provider's name.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
# In seconds: how far two clocks may be apart.
LEEWAY = 60
# The attribute of the request.
VOUCHED = "identity_vouches"


class AgencyAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return request.build_absolute_uri(reverse("identity_callback", args=[self.provider_id]))

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """The library trusts the line; here the signature is checked as well, and that it was made for this try."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = PyJWKSet.from_dict(answer.json()).keys
        claims = _read(id_token, keys, self.openid_config["issuer"], app.client_id)
        expected = _nonce(self.request, self.request.GET.get("state", ""))
        if not hmac.compare_digest(str(claims.get("nonce", "")), expected):
            raise OAuth2Error("The token was made for another try.")
        return claims

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Whether the agency vouches for a second factor is known in this request alone (`VOUCHED`)."""
        if "id_token" not in kwargs["response"]:
            raise OAuth2Error("The provider sent no token that says who it is.")
        claims = self._decode_id_token(app, kwargs["response"]["id_token"])
        provider = self.get_provider()
        setattr(request, VOUCHED, provider.vouches_for_second_factor(claims))
        return provider.sociallogin_from_response(request, {"id_token": claims})


class AgencyProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    id = PROVIDER
    name = "An agency's own"
    oauth2_adapter_class = AgencyAdapter

    def get_oauth2_adapter(self, request: HttpRequest) -> AgencyAdapter:
        return AgencyAdapter(request, self.app.provider_id)

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("identity_login", args=[self.app.provider_id])

    def get_callback_url(self) -> str:
        return reverse("identity_callback", args=[self.app.provider_id])

    def begin(self, request: HttpRequest, next_url: str) -> HttpResponse:
        """Leads to the provider. Nothing of the address that was opened goes along: no scope, no other purpose."""
        state_id = get_adapter().generate_state_param({})
        params = {**self.get_auth_params(), "nonce": _nonce(request, state_id)}
        answer: HttpResponse = self.redirect(
            request, AuthProcess.LOGIN, next_url, auth_params=params, state_id=state_id
        )
        return answer

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Nothing is kept of what the provider knows of a person."""
        return {}

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: Any) -> list[Any]:
        return []

    def vouches_for_second_factor(self, claims: dict[str, Any]) -> bool:
        """RFC 8176 (`amr`), and OpenID Connect Core 2 (`acr`): only what the agency's settings name."""
        methods = claims.get("amr")
        said = {*(methods if isinstance(methods, list) else ()), claims.get("acr")}
        return bool(said & set(self.app.settings["second_factor"]))


def _read(token: str, keys: Iterable[PyJWK], issuer: str, audience: str) -> dict[str, Any]:
    """OpenID Connect Core 3.1.3.7. A provider with one key need not name it (`kid`). Raises OAuth2Error."""
    named = jwt.get_unverified_header(token).get("kid")
    for key in keys:
        if named not in (None, key.key_id):
            continue
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=issuer,
                audience=audience,
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.InvalidSignatureError:
            continue
        return claims
    raise OAuth2Error("The token was signed by somebody else.")


def _nonce(request: HttpRequest, state_id: str) -> str:
    secret = request.session.setdefault(NONCE, secrets.token_urlsafe(32))
    return salted_hmac(NONCE, f"{secret}:{state_id}", algorithm="sha256").hexdigest()


provider_classes = [AgencyProvider]
