"""What invoices announce. `delivery` answers; the arrow stays delivery → invoices."""

from django.dispatch import Signal


class Withheld(Exception):
    """The invoice cannot be issued now, for a reason that is not in the document. `text`, for the page, says why and
    what to do, and may hold a link. The invoice stays as it was saved."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NotReady(Exception):
    """ANAF or the law would refuse the document: the text says by which rules. Nothing was numbered or written."""


class AlreadySent(Exception):
    """The invoice is on its way or has arrived; pressing „Trimite” twice sends it once."""


#: A person pressed „Trimite” on a clean invoice. Arguments: `invoice` (saved, editable), `user`. Sent inside the
#: transaction that saves: the receiver numbers the invoice, freezes its document and writes the submission, or raises,
#: and then nothing remains of either; after `Withheld` the saved draft remains.
issue_requested = Signal()

#: An invoice without a number is to get one now and to leave later. Arguments: `invoice`, `now`. The receiver raises
#: Withheld where it may not leave at all.
schedule_requested = Signal()

#: ANAF took the invoice over. Arguments: `invoice_id`. Sent inside the transaction that writes it.
accepted = Signal()

#: The people of the firm were mailed that the last day comes near. Arguments: `invoice_id`, `last` (the day), `now`.
#: Sent when the transaction that notes it is over.
deadline_told = Signal()
