"""The exit status: one number for each thing that the caller does next. The same table is in docs/anaf-cli.md."""

from __future__ import annotations

from enum import IntEnum

from punte.anaf.errors import (
    AccessDenied,
    AnafError,
    BadPackage,
    Blocked,
    ClockAhead,
    Declined,
    Expired,
    Misconfigured,
    NotFound,
    NotSent,
    RateLimited,
    Reauthorise,
    ReplyLost,
    Unwell,
)


class Exit(IntEnum):
    DONE = 0
    LOCAL = 1  # click's own status for what it cannot do here
    USAGE = 2  # click's own status for a wrong command line
    REFUSED = 3
    NOT_YET = 4
    NOT_SENT = 5
    REPLY_LOST = 6
    UNWELL = 7
    BLOCKED = 8
    RATE_LIMITED = 9
    NOT_FOUND = 10
    ACCESS_DENIED = 11
    REAUTHORISE = 12
    MISCONFIGURED = 13
    EXPIRED = 14
    DECLINED = 15
    CLOCK_AHEAD = 16
    BAD_PACKAGE = 17


#: What happened, and what to do now.
WORDS = {
    Exit.DONE: ("Gata.", ""),
    Exit.LOCAL: ("Ceva de pe acest calculator nu a mers.", "Citiți mesajul: de obicei un fișier sau un dosar."),
    Exit.USAGE: ("Comanda sau configurarea este greșită.", "Corectați-o după mesaj."),
    Exit.REFUSED: ("Documentul este refuzat, cu motive.", "Corectați documentul și trimiteți-l din nou."),
    Exit.NOT_YET: ("ANAF prelucrează încă documentul.", "Întrebați din nou peste câteva minute."),
    Exit.NOT_SENT: ("Nimic nu a plecat de aici.", "Verificați rețeaua și repetați comanda oricând."),
    Exit.REPLY_LOST: (
        "Documentul a plecat, dar răspunsul s-a pierdut: este posibil să fi ajuns.",
        "Nu trimiteți din nou. După 20 de minute căutați-l cu `punte anaf list`; numai dacă lipsește și după o oră "
        "trimiteți același fișier.",
    ),
    Exit.UNWELL: ("ANAF nu răspunde cum trebuie.", "Repetați comanda mai târziu, cu pauze din ce în ce mai mari."),
    Exit.BLOCKED: (
        "Filtrul de la intrarea ANAF a respins conținutul.",
        "Aceiași octeți vor fi respinși și a doua oară: folosiți verificarea sau PDF-ul făcut aici.",
    ),
    Exit.RATE_LIMITED: ("S-a atins o limită a ANAF.", "Așteptați până la ora arătată (`until`)."),
    Exit.NOT_FOUND: ("ANAF nu cunoaște acest număr.", "Imediat după trimitere, încercați peste câteva minute."),
    Exit.ACCESS_DENIED: ("Certificatul nu are drept în SPV aici.", "Cereți dreptul în SPV pentru firma arătată."),
    Exit.REAUTHORISE: (
        "ANAF nu mai primește cheile de aici.",
        "Autorizați din nou, cu certificatul: `punte anaf login`.",
    ),
    Exit.MISCONFIGURED: (
        "Aplicația sau adresa nu este recunoscută de ANAF.",
        "Verificați PUNTE_ANAF_CLIENT_ID, PUNTE_ANAF_CLIENT_SECRET, serviciul E-Factura al aplicației și adresele.",
    ),
    Exit.EXPIRED: ("Au trecut cele 60 de zile în care ANAF dă mesajul.", "Nu mai este nimic de făcut la ANAF."),
    Exit.DECLINED: ("ANAF a răspuns altceva decât s-a întrebat.", "Citiți răspunsul: repetată la fel, va fi același."),
    Exit.CLOCK_AHEAD: ("Ceasul acestui calculator este înaintea celui al ANAF.", "Potriviți ceasul și repetați."),
    Exit.BAD_PACKAGE: (
        "Arhiva sau sigiliul ei nu este în regulă.",
        "Păstrați fișierul așa cum este și arătați-l cuiva.",
    ),
}

#: Each class of the tree of `punte.anaf.errors`.
EXITS: dict[type[AnafError], Exit] = {
    NotSent: Exit.NOT_SENT,
    ReplyLost: Exit.REPLY_LOST,
    Unwell: Exit.UNWELL,
    Blocked: Exit.BLOCKED,
    RateLimited: Exit.RATE_LIMITED,
    NotFound: Exit.NOT_FOUND,
    AccessDenied: Exit.ACCESS_DENIED,
    Reauthorise: Exit.REAUTHORISE,
    Misconfigured: Exit.MISCONFIGURED,
    Expired: Exit.EXPIRED,
    Declined: Exit.DECLINED,
    ClockAhead: Exit.CLOCK_AHEAD,
    BadPackage: Exit.BAD_PACKAGE,
}


def table() -> list[tuple[str, str]]:
    """Number and name, what happened and what to do: for the help and the page of documentation."""
    return [(f"{exit:d} {exit.name.lower()}", " ".join(filter(None, WORDS[exit]))) for exit in Exit]
