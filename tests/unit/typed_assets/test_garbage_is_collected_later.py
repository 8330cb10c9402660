"""While many objects are made that stay, no garbage is looked for."""

import gc

import pytest

from typed_assets.garbage import collecting_later


def test_nothing_is_collected_in_the_block_and_then_it_goes_on() -> None:
    with collecting_later():
        assert not gc.isenabled()
        with collecting_later():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_in_the_block_leaves_it_on() -> None:
    with pytest.raises(ValueError, match="wrong"), collecting_later():
        int("wrong")
    assert gc.isenabled()
