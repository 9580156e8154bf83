"""An ANAF on 127.0.0.1, with its bad days: sign-in by certificate, e-Factura, SPV, the public register.

It is written from the facts in docs/anafsim.md alone and shares no code with the client: a misreading in one
shows against the other.
"""

from .authority import Certificate
from .judge import Judge, NotTaken
from .server import Simulator

__all__ = ["Certificate", "Judge", "NotTaken", "Simulator"]
