"""What migrations do beyond Django's own operations. Migrations name this module, so it stays where it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger
from pgtrigger.migrations import AddTrigger


def run_sql_file(migration: str, name: str) -> RunSQL:
    """Runs sql/<name>.sql beside a migration, given as its `__file__`, and sql/<name>.down.sql on the way back."""
    folder = Path(migration).with_name("sql")
    up, down = ((folder / f"{name}{part}.sql").read_text(encoding="utf-8") for part in ("", ".down"))
    return RunSQL(up, down)


class AddTriggers(Operation):
    """pgtrigger's AddTrigger for many at once, as (model's name, trigger).

    One by one, each renders all models anew, although a trigger changes nothing of them: half the time of a first
    `migrate`.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, triggers: Sequence[tuple[str, Trigger]]) -> None:
        self.triggers = triggers

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"triggers": self.triggers}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for model, trigger in self.triggers:
            options = state.models[app_label, model.lower()].options
            options["triggers"] = [*options.get("triggers", []), trigger]

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model, trigger in self.triggers:
            AddTrigger(model, trigger).database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model, trigger in reversed(self.triggers):
            AddTrigger(model, trigger).database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.triggers)} triggers"
