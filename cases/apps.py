from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        # The table becomes transitions and triggers only when every model is there.
        from cases import wiring

        wiring.connect()
