"""DISTKEY, SORTKEY and their kin, taken out of CREATE TABLE."""

from __future__ import annotations

import pytest

from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.sql.statement_text import leading_words, parameter_names, single_statement
from mwaactl.emulator.warehouse.sql.table_attributes import take_attributes


def test_attributes_of_columns_and_of_the_table_are_taken() -> None:
    clean, attributes = take_attributes(
        "CREATE TABLE t (a INT ENCODE az64 DISTKEY, b NUMERIC(10, 2) SORTKEY, c INT) DISTSTYLE KEY BACKUP NO"
    )
    assert " ".join(clean.split()) == "CREATE TABLE t (a INT , b NUMERIC(10, 2) , c INT)"
    assert attributes.encodings == {"a": "az64"}
    assert (attributes.dist_style, attributes.dist_key, attributes.sort_keys) == ("key", "a", ["b"])


def test_a_query_is_left_as_it_is() -> None:
    sql = "CREATE TABLE t INTERLEAVED SORTKEY (a, b) AS SELECT distkey, sortkey FROM s"
    clean, attributes = take_attributes(sql)
    assert clean.endswith("AS SELECT distkey, sortkey FROM s")
    assert attributes.interleaved
    assert attributes.sort_keys == ["a", "b"]


def test_a_column_may_be_called_like_an_attribute() -> None:
    clean, attributes = take_attributes('CREATE TABLE t ("distkey" INT, encode_me INT)')
    assert "distkey" in clean
    assert attributes.dist_key is None


def test_an_unknown_encoding_is_an_error() -> None:
    with pytest.raises(StatementFailed, match='invalid encoding type specified for column "a"'):
        take_attributes("CREATE TABLE t (a INT ENCODE mp3)")


def test_a_text_holds_one_statement() -> None:
    assert single_statement("-- why\nSELECT ';' AS a; ;") == "SELECT ';' AS a"
    with pytest.raises(StatementFailed, match="multiple commands"):
        single_statement("SELECT 1; SELECT 2")
    with pytest.raises(StatementFailed, match="empty"):
        single_statement(" ; -- nothing")


def test_comments_do_not_hide_the_leading_words() -> None:
    assert leading_words("/* a */ -- b\nUnload ('x')", 1) == ("unload",)
    assert leading_words("create or replace view v as select 1") == ("create", "or", "replace", "view")


def test_parameters_are_names_behind_a_colon_outside_strings() -> None:
    assert parameter_names("SELECT :a, ':b', c::int, :d_1") == {"a", "d_1"}
