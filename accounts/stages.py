"""What is asked between password and session."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpResponse

from accounts.provider import VOUCHED


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]  # allauth has no types
    """Not asked twice of whom the agency's own provider has asked; of everybody else by the library."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if getattr(self.request, VOUCHED, False):
            return None, True
        answer: tuple[HttpResponse | None, bool] = super().handle()
        return answer
