"""A worker as a process of its own, for test_two_refreshers: `python refresher.py found|renew|read FACTS`."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta

import django

django.setup()

from punte.web.accounts.models import User  # noqa: E402
from punte.web.connection import renewal  # noqa: E402
from punte.web.connection.models import Authorization, RightState  # noqa: E402
from punte.web.firms.models import Firm  # noqa: E402

what, facts = sys.argv[1], json.loads(sys.argv[2])
now = datetime.fromisoformat(facts["now"])
if what == "found":
    user = User.objects.create_user("ana@arcada.example", "peste-punte-2026")
    firm = Firm.objects.create(cui="19283749", name="Arcada Studio SRL")
    firm.memberships.create(user=user)
    authorization = Authorization.objects.create(
        user=user,
        access_token="worn",
        refresh_token=facts["refresh_token"],
        access_expires_at=now + timedelta(days=5),
        authorized_at=now - timedelta(days=85),
        renewal_due_at=now + timedelta(days=280),
    )
    authorization.rights.create(firm=firm, state=RightState.GRANTED, checked_at=now, granted_at=now)
elif what == "renew":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()  # both are let go at once
    renewal.renew(Authorization.objects.get().pk, now)
authorization = Authorization.objects.get()
kept = {"refresh_token": authorization.refresh_token, "previous": authorization.previous_refresh_token}
sys.stdout.write(json.dumps(kept))
