"""What every page needs from the design; add `punte.web.design.context.chrome` to the context processors."""

from typing import Any

from django.http import HttpRequest

from .menu import menu, url_of


def chrome(request: HttpRequest) -> dict[str, Any]:
    """`menu`, and the addresses of what stands in the band. `firm` and `firms` come from the app that knows them."""
    return {
        "menu": menu(request),
        "new_invoice_url": url_of("invoices:new"),
        "profile_url": url_of("accounts:profile"),
        "switch_url": url_of("firms:switch"),
        "login_url": url_of("account_login"),
        "logout_url": url_of("account_logout"),
    }
