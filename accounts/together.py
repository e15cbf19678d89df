"""Migrations that make many tables at once, in seconds instead of minutes."""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

ADDS = (AddConstraint, AddField, AddIndex)


class Together(Operation):
    """Several operations, between which nobody looks at the models.

    Django renders all related models anew between two operations, which takes longer with every model.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # Forgotten, and rendered once when somebody asks again.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self._needed():
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in reversed(self._needed()):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def _needed(self) -> list[Operation]:
        """A table is made as it is in the end, with what later operations add to it."""
        made = {each.name_lower for each in self.operations if isinstance(each, CreateModel)}
        return [
            each
            for each in self.operations
            if not (isinstance(each, ADDS) and each.model_name.lower() in made)
        ]
