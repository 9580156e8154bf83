"""Migrations only widen, so that the edition before keeps working over the new tables (docs/operare/actualizare.md).

One that takes something away comes an edition later and says so: `contract = "0.2"`, the edition that no longer needs
what goes, as an attribute of its class.
"""

from __future__ import annotations

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED

from punte import __version__

NARROW = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.DeleteModel,
    migrations.AlterField,
    migrations.AlterModelTable,
    migrations.AlterUniqueTogether,
)
#: Data steps and SQL by hand, each read by a person: (app, migration).
READ_BY_A_PERSON: set[tuple[str, str]] = set()


def ours() -> list[tuple[str, str, migrations.Migration]]:
    """Every migration of ours after the first of its app; the first ones make tables that no old code knows."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = sorted(loader.disk_migrations.items())
    return [
        (app, name, migration)
        for (app, name), migration in found
        if type(migration).__module__.startswith("punte.web.") and not migration.initial
    ]


def objection(operation: Operation, app: str = "", before: ProjectState | None = None) -> str:
    """Why old code could fail over what `operation` leaves; "" when it cannot. `before`: the tables until then."""
    if isinstance(operation, migrations.AlterField) and before and widens(operation, app, before):
        return ""
    if isinstance(operation, NARROW):
        return "takes away or changes what old code uses"
    if isinstance(operation, migrations.AddField):
        field = operation.field
        if not (field.null or field.db_default is not NOT_PROVIDED or field.many_to_many):
            return "a column that old code leaves out must be nullable or have a db_default"
        if field.unique:
            return "old code may write the same value twice"
    if isinstance(operation, migrations.AddConstraint):
        return "old code does not know what the constraint forbids"
    if isinstance(operation, (migrations.RunPython, migrations.RunSQL)):
        return "a step by hand: read it, then name it in READ_BY_A_PERSON"
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return next(filter(None, (objection(one, app, before) for one in operation.database_operations)), "")
    return ""


def widens(operation: migrations.AlterField, app: str, before: ProjectState) -> bool:
    """The column takes all that it took: other words or choices, more room, nothing at all."""
    old, new = before.models[app, operation.model_name_lower].fields[operation.name], operation.field
    (_, kind, _, was), (_, becomes, _, will) = old.deconstruct(), new.deconstruct()
    for words in new.non_db_attrs:
        was.pop(words, None), will.pop(words, None)
    room = (was.pop("max_length", 0) or 0) <= (will.pop("max_length", 0) or 0)
    nothing = not was.pop("null", False) or will.get("null", False)
    will.pop("null", None)
    return kind == becomes and room and nothing and was == will


def test_every_migration_only_widens():
    wrong = []
    for app, name, migration in ours():
        before = MigrationLoader(None, ignore_no_migrations=True).project_state((app, name), at_end=False)
        for operation in migration.operations:
            why = objection(operation, app, before)
            operation.state_forwards(app, before)
            if why and not getattr(migration, "contract", None) and (app, name) not in READ_BY_A_PERSON:
                wrong.append(f"{app}.{name}: {operation.describe()}: {why}")
    assert not wrong, "\n".join(wrong)


def test_what_narrows_names_an_edition_already_out():
    for app, name, migration in ours():
        if contract := getattr(migration, "contract", None):
            assert tuple(map(int, contract.split("."))) < tuple(map(int, __version__.split("."))), f"{app}.{name}"


def test_the_rule_tells_a_wider_column_from_a_narrower_one():
    before = ProjectState()
    short = [("id", models.BigAutoField(primary_key=True)), ("label", models.CharField(max_length=5, choices=[("a", "A")]))]
    migrations.CreateModel("Invoice", short).state_forwards("invoices", before)

    def altered(field: models.Field[object, object]) -> str:
        return objection(migrations.AlterField("invoice", "label", field), "invoices", before)

    assert not altered(models.CharField(max_length=5, choices=[("a", "A"), ("b", "B")], help_text="words"))
    assert not altered(models.CharField(max_length=9, null=True))
    assert altered(models.CharField(max_length=4))
    assert altered(models.TextField())


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("invoice", "label"),
        migrations.RenameField("invoice", "label", "name"),
        migrations.RenameModel("Invoice", "Bill"),
        migrations.DeleteModel("Invoice"),
        migrations.AlterField("invoice", "label", models.CharField(max_length=3)),
        migrations.AddField("invoice", "mood", models.CharField(max_length=9, default="")),
        migrations.AddField("invoice", "mood", models.CharField(max_length=9, null=True, unique=True)),
    ],
)
def test_the_rule_sees_what_narrows(operation):
    assert objection(operation)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("invoice", "mood", models.CharField(max_length=9, null=True)),
        migrations.AddField("invoice", "mood", models.CharField(max_length=9, db_default="")),
        migrations.CreateModel("Mood", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddIndex("invoice", models.Index(fields=["label"], name="by_label")),
    ],
)
def test_the_rule_lets_through_what_widens(operation):
    assert not objection(operation)
