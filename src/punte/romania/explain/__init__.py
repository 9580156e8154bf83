"""Each rule in plain Romanian and English: what is wrong, why the rule exists, what to do, in which field."""

from .explanation import Explanation, Language, explain

__all__ = ["Explanation", "Language", "explain"]
