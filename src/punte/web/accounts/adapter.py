"""Where allauth asks us: a new account keeps the language of its first page, and letters go out in the reader's."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import translation

from .language import language_for
from .models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def new_user(self, request: HttpRequest) -> User:
        return User(language=language_for(request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """To somebody with an account in their language, to anybody else in that of the page that asked for it."""
        reader = context.get("user")
        with translation.override(reader.language if isinstance(reader, User) else translation.get_language()):
            super().send_mail(template_prefix, email, context)
