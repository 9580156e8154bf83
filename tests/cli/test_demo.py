"""A demo kept from another version must not stand in the way of today's."""

from __future__ import annotations

import json

from punte.cli.demo import migrations, set_aside


def test_data_without_a_mark_are_set_aside_and_kept(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "punte.sqlite3").write_text("of an older version, without a mark")
    aside = set_aside(data)
    assert aside is not None
    assert (aside / "punte.sqlite3").read_text() == "of an older version, without a mark"
    assert not (data / "punte.sqlite3").exists()


def test_data_of_a_migration_that_reads_otherwise_today_are_set_aside(tmp_path):
    data = tmp_path / "data"
    set_aside(data)
    (data / "punte.sqlite3").write_text("of a branch")
    (data / "migrations.json").write_text(json.dumps(migrations() | {"firms/migrations/0001_initial.py": "another"}))
    assert set_aside(data) is not None


def test_data_with_fewer_migrations_stay_and_are_brought_up_to_date(tmp_path):
    data = tmp_path / "data"
    set_aside(data)
    (data / "punte.sqlite3").write_text("of an earlier edition")
    known = dict(list(migrations().items())[:-3])
    (data / "migrations.json").write_text(json.dumps(known))
    assert set_aside(data) is None
    assert (data / "punte.sqlite3").exists()


def test_data_with_the_same_tables_stay(tmp_path):
    data = tmp_path / "data"
    assert set_aside(data) is None
    (data / "punte.sqlite3").write_text("of today")
    assert set_aside(data) is None
    assert (data / "punte.sqlite3").exists()
