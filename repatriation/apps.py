from django.apps import AppConfig


class RepatriationConfig(AppConfig):
    name = "repatriation"

    def ready(self) -> None:
        # The table becomes transitions and triggers only when every model is there.
        from repatriation import wiring

        wiring.connect()
