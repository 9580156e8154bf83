"""A demo kept from another version must not stand in the way of today's."""

from __future__ import annotations

from punte.cli.demo import set_aside


def test_data_with_other_tables_are_set_aside_and_kept(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "punte.sqlite3").write_text("of an older version, without a mark")
    aside = set_aside(data)
    assert aside is not None
    assert (aside / "punte.sqlite3").read_text() == "of an older version, without a mark"
    assert not (data / "punte.sqlite3").exists()


def test_data_with_the_same_tables_stay(tmp_path):
    data = tmp_path / "data"
    assert set_aside(data) is None
    (data / "punte.sqlite3").write_text("of today")
    assert set_aside(data) is None
    assert (data / "punte.sqlite3").exists()
