from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        # The table becomes transitions and triggers only when every model is there.
        from referrals import wiring

        wiring.connect()
