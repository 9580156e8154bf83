import doctest

import pytest

from punte.anaf import cif, claims, package


@pytest.mark.parametrize("module", [cif, claims, package], ids=lambda module: module.__name__)
def test_the_examples_in_docstrings_hold(module):
    failed, tried = doctest.testmod(module)
    assert tried
    assert not failed
