"""What invoices announce. `delivery` answers; the arrow stays delivery → invoices."""

from django.dispatch import Signal

#: A person pressed „Trimite” on a clean invoice. Arguments: `invoice` (saved, editable), `user`. Sent inside a
#: transaction: the receiver numbers the invoice, freezes its document and writes the submission, or raises and
#: nothing of the sending remains (the draft was saved before).
issue_requested = Signal()
