"""The door for the web server: granian, or any other that speaks WSGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "punte.web.config.settings")
application = get_wsgi_application()

from punte.web.config import logs  # noqa: E402 - Django is ready only now
from punte.web.work import pulse, tallies  # noqa: E402

logs.configure(tallies.logged)
pulse.tell_tallies()
