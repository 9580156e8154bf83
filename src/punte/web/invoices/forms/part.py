"""What the parts of the editor have in common."""

from __future__ import annotations

from django import forms


class Part(forms.Form):
    """A part of the editor. It says what cannot be read or kept; what ANAF would refuse is `judge`'s to say, and does
    not stand in the way of saving a draft."""

    use_required_attribute = False  # the browser does not stop a draft

    def blame(self, name: str, text: str) -> None:
        """Say at the field `name` what the judgement found there; the form stays valid and the draft can be kept."""
        self.errors.setdefault(name, self.error_class()).append(text)

    def _raw(self, name: str) -> str:
        """What stands in the field, before its widget is made."""
        source = (self.data.get(self.add_prefix(name)) if self.is_bound else self.initial.get(name)) or ""
        return str(source)
