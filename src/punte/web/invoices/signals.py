"""What invoices announce. `delivery` answers; the arrow stays delivery → invoices."""

from django.dispatch import Signal

#: A person pressed „Trimite” on a clean invoice. Arguments: `invoice` (saved, editable), `user`. Sent inside the
#: transaction that saves: the receiver numbers the invoice, freezes its document and writes the submission, or raises,
#: and then nothing remains of either.
issue_requested = Signal()
