"""What others file: a supplier's invoice, a buyer's message, a self-billed invoice, by programs that are not ours."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .document import NotValid, read_document
from .spv import Upload

if TYPE_CHECKING:
    from .world import World

LONGEST_AGO = 100 * 24 * 3600.0


def deliver(
    world: World,
    *,
    xml: bytes,
    cif: str,
    environment: str = "test",
    standard: str = "UBL",
    self_billed: bool = False,
    ago: float = 0.0,
    processing: float = 0.0,
) -> Upload:
    """File `xml` on behalf of `cif`, as if it had been uploaded `ago` seconds before, and judge it.

    processing  seconds from the upload to its verdict, and so to the listing; with `ago` above 60 days and this large
                enough, a message is listed that ANAF gives out no more
    Raises ValueError for a document that the door would not take, or an environment there is not.
    """
    spv = world.environments.get(environment)
    if spv is None or not 0 <= ago <= LONGEST_AGO or not 0 <= processing <= LONGEST_AGO:
        raise ValueError(f"environment is one of: {', '.join(world.environments)}; ago, processing: up to 100 days")
    try:
        document = read_document(xml, standard)
    except (NotValid, KeyError) as reason:
        raise ValueError(str(reason)) from None
    upload = spv.register(
        cif=cif,
        serial="",
        standard=standard,
        external=False,
        self_billed=self_billed,
        xml=xml,
        document=document,
        now=world.clock.now() - timedelta(seconds=ago),
        processing=timedelta(seconds=processing),
    )
    world.settle()
    return upload
