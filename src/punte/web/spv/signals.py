"""What `spv` tells the rooms above it."""

from django.dispatch import Signal

#: A message's ZIP is in the archive, in this very transaction. `message: spv.models.Message`, `package:
#: punte.anaf.package.Package`, `now`. A receiver that raises undoes the filing, and the message is tried again.
filed = Signal()

#: A message has ended without a package that can be read: `keeping` is EXPIRED or STRANGE. `message`, `now`; in the
#: transaction that writes it.
ended = Signal()
