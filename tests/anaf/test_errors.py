import re

from punte.anaf import errors


def test_the_tree_in_the_docstring_is_the_tree():
    drawn = set(re.findall(r"^(?:│   )?[├└]── (\w+)", errors.__doc__, re.MULTILINE))
    grown = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, errors.AnafError) and not name.startswith("_")
    }
    assert drawn == grown - {"AnafError"}
