"""Which of the firm's own documents each package of the archive should hold: asked by `punte archive verify`."""

from __future__ import annotations

from collections.abc import Sequence

from punte.web.archive.verifying import Expected

from .models import State, Submission


def expected(packages: Sequence[int]) -> dict[int, Expected]:
    """By the package's key. A refusal's package holds ANAF's error lines, no document of ours."""
    held = Submission.objects.filter(package__in=packages, state=State.ACCEPTED)
    return {
        package: Expected(label, sha256)
        for package, label, sha256 in held.values_list("package", "invoice__label", "sha256")
    }
