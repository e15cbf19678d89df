"""The room of guarded state machines and deadlines; it knows no case."""

from importlib import import_module

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "workflow"

    def ready(self) -> None:
        import_module("workflow.timeframes")
