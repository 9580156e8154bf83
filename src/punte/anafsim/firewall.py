"""The web application firewall before the public host: what it takes for an attack, and its page.

Observed by another client's author, who bisected refused bodies (July 2026): a relative path in xsi:schemaLocation
reads as path traversal, and a product's name with `;CP ` or `;rm ` as a shell. On validare and on api.anaf.ro the same
bodies passed, and a document refused with `/DA` might pass without. Where exactly those two differ is not known; here
the shell is looked for with `/DA` alone.
"""

import re
import secrets

from starlette.responses import HTMLResponse

PAGE = (
    "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. "
    "Please consult with your administrator.<br><br>Your support ID is: {number}<br><br>"
    "<a href='javascript:history.back();'>[Go Back]</a></body></html>"
)
TRAVERSAL = re.compile(rb"""schemaLocation\s*=\s*(?:"[^"]*\.\./|'[^']*\.\./)""")
SHELL = re.compile(rb";\s*(?:rm|cp|mv|cat|ls|wget|curl)\s", re.IGNORECASE)


def takes_for_attack(body: bytes, *, strict: bool) -> bool:
    return bool(TRAVERSAL.search(body) or (strict and SHELL.search(body)))


def rejected(number: int | None = None) -> HTMLResponse:
    """HTTP 200, with a number that differs at each refusal."""
    return HTMLResponse(PAGE.format(number=number or secrets.randbelow(9 * 10**18) + 10**18))
