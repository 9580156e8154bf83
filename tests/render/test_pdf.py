"""The human copy, read back with another program's eyes (pypdf)."""

from __future__ import annotations

import io
import re
import struct
import zlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from punte.en16931.model import (
    AllowanceCharge,
    Identifier,
    Invoice,
    Note,
    Period,
    PrecedingInvoice,
    SupportingDocument,
    VatBreakdown,
)
from punte.render import LogoNotUsable, pdf
from render.invoices import COMPLETE, CREDIT_NOTE, EURO, LONG, PFA, STORNO, VAT_PAYER, WORDY, invoice, line


def read(invoice: Invoice, **more: object) -> PdfReader:
    return PdfReader(io.BytesIO(pdf(invoice, **more)))  # type: ignore[arg-type]


def text(invoice: Invoice) -> str:
    """The text of all pages, every run of white space one plain space."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in read(invoice).pages))


def test_an_invoice_of_a_vat_payer_says_who_what_and_how_much() -> None:
    page = text(VAT_PAYER)
    for said in (
        "Factură", "Seria DI, numărul 0188", "22 noiembrie 2026", "7 decembrie 2026", "RON (leu)",
        "Dobre Design SRL", "CUI RO 41287658 · Reg. com. J12/884/2019", "Cluj-Napoca, jud. Cluj",
        "Clinica Dentară Albă SRL", "Alba Iulia, jud. Alba", "RO49 AAAA 1B31 0075 9384 0000",
        "6 buc", "4 ore", "3.200,00", "21 %", "11 %", "Ședințe din 12 și 19 noiembrie",
        "Total fără TVA 4.955,00 lei",     # 3.200 + 900 + 400 + 455
        "TVA 21 % din 4.500,00 945,00 lei",
        "TVA 11 % din 455,00 50,05 lei",
        "Total TVA 995,05 lei",
        "Total de plată 5.950,05 lei",
        "Pagina 1 din 1",
    ):  # fmt: skip
        assert said in page


def test_a_pfa_outside_vat_has_the_legend_once_and_no_vat_column() -> None:
    page = text(PFA)
    assert page.count("Neplătitor de TVA, regim special de scutire, art. 310 Cod fiscal") == 1
    assert "CUI 45678900 · Reg. com. F32/123/2021" in page
    assert "Cant. Preț Valoare" in page  # no TVA between price and value
    assert "Total de plată 1.500,00 lei" in page
    own_words = replace(PFA, notes=(Note("Neplătitor de TVA conform art. 310 CF"),))
    assert text(own_words).count("310") == 1  # the seller said it already
    other_310 = replace(PFA, notes=(Note("Avans de 310 lei"),))
    assert "art. 310 Cod fiscal" in text(other_310)


def test_an_exemption_known_by_its_code_alone_is_said() -> None:
    exempt = VatBreakdown(
        taxable_amount=Decimal(4955), tax_amount=Decimal(0), category="E", exemption_reason_code="VATEX-EU-132"
    )
    page = text(replace(VAT_PAYER, vat_breakdown=(exempt,)))
    assert "Scutit de TVA, din 4.955,00 0,00 lei" in page
    assert "Scutit de TVA (VATEX-EU-132)" in page


def test_a_consumers_code_is_not_printed_be_it_thirteen_zeros_or_a_cnp() -> None:
    page = text(PFA)
    assert "0000000000000" not in page
    assert "CNP" not in page
    assert "București, sectorul 3" in page
    named = replace(PFA.buyer, legal_registration_identifier=Identifier("2900101410015"))
    assert "2900101410015" not in text(replace(PFA, buyer=named))  # a CNP goes to ANAF and on no paper


def test_a_storno_is_called_so_and_names_what_it_takes_back() -> None:
    page = text(STORNO)
    for said in ("Factură storno", "DI 0188 din 22 noiembrie 2026", "−2 buc", "Total storno −363,00 lei"):
        assert said in page


def test_several_preceding_invoices_stand_in_one_row() -> None:
    advances = (PrecedingInvoice("AV 1", date(2026, 1, 5)), PrecedingInvoice("AV 2"), PrecedingInvoice(""))
    page = text(replace(VAT_PAYER, preceding_invoices=advances))
    assert "Factura la care se referă AV 1 din 5 ianuarie 2026; AV 2 Nr." in page


def test_a_credit_note_does_not_ask_for_payment() -> None:
    page = text(CREDIT_NOTE)
    assert "Notă de creditare" in page
    assert "Total creditat 605,00 lei" in page
    assert "Total de plată" not in page


def test_an_invoice_in_euro_states_its_vat_in_lei() -> None:
    page = text(EURO)
    for said in ("EUR (euro)", "1 an", "TVA 21 % din 1.200,00 252,00 EUR", "1.452,00 EUR", "TVA în lei 1.283,69 lei"):
        assert said in page


def test_reverse_charge_and_cash_accounting_are_said_when_only_their_codes_are_there() -> None:
    reverse = replace(line("Deșeuri feroase", "2", "TNE", "900.00"), vat_category="AE", vat_rate=Decimal(0))
    page = text(
        invoice(
            (reverse,),
            vat_point_date_code="432",
            vat_breakdown=(
                VatBreakdown(taxable_amount=Decimal(1800), tax_amount=Decimal(0), category="AE", rate=Decimal(0)),
            ),
        )
    )
    for said in ("2 t", "taxare inversă", "Taxare inversă, din 1.800,00 0,00 lei", "TVA la încasare"):
        assert said in page


def test_a_hundred_and_twenty_lines_repeat_the_head_and_carry_the_sum() -> None:
    reader = read(LONG)
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]
    assert len(pages) == 4
    for number, page in enumerate(pages, start=1):
        assert "Nr. Produs sau serviciu Cant. Preț TVA Valoare" in page
        assert f"Pagina {number} din 4" in page
    carried = [re.search(r"De reportat ([\d.,]+) lei", page) for page in pages]
    brought = [re.search(r"Report ([\d.,]+) lei", page) for page in pages]
    assert [bool(found) for found in carried] == [True, True, True, False]
    assert [found[1] for found in carried if found] == [found[1] for found in brought if found]
    assert "Total fără TVA 89.661,00 lei" in pages[-1]  # 12,35 × (1 + 2 + … + 120) = 12,35 × 7.260


def test_long_texts_wrap_and_lose_nothing() -> None:
    page = text(WORDY)
    code = "A1B2C3D4E5" * 12
    assert code not in page  # it would run off the paper
    assert code in page.replace(" ", "")
    for said in ("1.250,755 ore", "1.234,5678", "1.000.000 XYZ", "Contract-cadru nr. 4471/2025", "Etapa a II-a"):
        assert said in page


def test_allowances_prepaid_periods_and_documents_are_shown() -> None:
    plain = VAT_PAYER
    page = text(
        replace(
            plain,
            allowances=(
                AllowanceCharge(
                    amount=Decimal("55"), base_amount=Decimal("550"), percentage=Decimal(10), reason="fidelitate"
                ),
            ),
            totals=replace(
                plain.totals, allowances=Decimal(55), paid=Decimal("1000.00"), due_for_payment=Decimal("4950.05")
            ),
            period=Period(start=date(2026, 11, 1), end=date(2026, 11, 30)),
            supporting_documents=(SupportingDocument(reference="PV-12", description="Proces-verbal de recepție"),),
        )
    )
    for said in (
        "Reducere 10 % din 550,00 (fidelitate) −55,00 lei", "Total cu TVA 5.950,05 lei", "Plătit −1.000,00 lei",
        "Total de plată 4.950,05 lei", "1–30 noiembrie 2026", "PV-12 · Proces-verbal de recepție",
    ):  # fmt: skip
        assert said in page


def test_the_rarer_groups_of_the_norm_have_their_places() -> None:
    page = text(COMPLETE)
    for said in (
        "Perioada 15 octombrie 2026 – 14 noiembrie 2026", "Exigibilitatea TVA 25 noiembrie 2026",
        "Beneficiarul plății Factoring IFN SA Identificator FI-7",
        "Reprezentant fiscal Steuervertretung GmbH Cod TVA ATU12345678 Wien Austria",
        "Locul livrării Depozit Alba Calea Moților 80 Alba Iulia, jud. Alba Identificator 5940000000004",
        "Contract C-12", "Culoare: verde", "Cod AB-12", "Cod cumpărător CL-3", "Cod produs 5941234567899",
        "Clasificare CPV 79822500-7", "Țara de origine Germania", "Linia comenzii 7",
        "Perioada până la 30 noiembrie 2026",
        "Preț întreg 20,00, reducere 5,00", "pentru 100 buc", "Reducere (promoție): −5,00 lei",
        "Titular Ilinca Dobre", "Banca BTRLRO22", "Cont 12345-6", "Card XXXX1234 · Clinica", "Mandat M-1",
        "Detalii de plată DI 0188", "Total linii 4.955,00 lei", "Taxă suplimentară (Transport) 12,50 lei",
    ):  # fmt: skip
        assert said in page


def test_the_xml_is_attached_byte_for_byte_and_the_page_says_so() -> None:
    xml = b"\xef\xbb\xbf<Invoice>\xc8\x98\x00\xff</Invoice>"  # any bytes, not only UTF-8
    reader = read(VAT_PAYER, xml=xml)
    assert reader.attachments == {"factura.xml": [xml]}
    (file,) = reader.trailer["/Root"]["/AF"]
    assert file.get_object()["/AFRelationship"] == "/Source"
    assert "Fișierul XML este atașat" in reader.pages[0].extract_text()
    assert "Fișierul XML este atașat" not in text(VAT_PAYER)


def test_the_file_declares_pdf_a_3a_and_pdf_ua_1_in_romanian() -> None:
    reader = read(VAT_PAYER, xml=b"<Invoice/>")
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    for declared in (
        "pdfaid:part>3<",
        "pdfaid:conformance>A<",
        "pdfuaid:part>1<",
        "Factură DI 0188 · Dobre Design SRL",
    ):
        assert declared in metadata
    assert reader.trailer["/Root"]["/Lang"] == "ro"
    fonts = {font for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert all("NotoSans" in font.get_object()["/BaseFont"] for font in fonts)


def test_the_same_invoice_gives_the_same_bytes() -> None:
    first, second = (pdf(VAT_PAYER, xml=b"<Invoice/>") for _ in range(2))
    assert first == second
    assert PdfReader(io.BytesIO(first)).metadata["/CreationDate"].startswith("D:20261122")  # type: ignore[index]


def test_a_number_of_forty_digits_is_set_whole() -> None:
    # Decimal's own context has room for 28 digits, and refused the rest.
    page = text(replace(VAT_PAYER, lines=(replace(VAT_PAYER.lines[0], quantity=Decimal("9" * 40)),)))
    assert "9" * 40 in page.replace(".", "").replace(" ", "")


def test_letters_our_fonts_lack_are_marked_and_do_not_stop_the_page() -> None:
    page = text(replace(VAT_PAYER, notes=(Note("北京 s\u0327i s\u0326i 🧾 Ωмега \x07\u202e100,00"),)))
    assert "\ufffd\ufffd" in page
    assert "și" in page  # s with a combining comma below became one letter
    assert "Ωмега 100,00" in page  # the bell and the right-to-left override are gone


def png(width: int, height: int) -> bytes:
    """A red PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\x00" + b"\xc0\x20\x20" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_the_sellers_logo_is_set_and_a_damaged_one_is_refused() -> None:
    logo = png(120, 40)
    assert len(read(VAT_PAYER, logo=logo).pages[0].images) == 1
    for bad in (b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", logo[:40]):
        with pytest.raises(LogoNotUsable):
            pdf(VAT_PAYER, logo=bad)


def test_a_language_we_do_not_have_is_named() -> None:
    with pytest.raises(ValueError, match="'de'"):
        pdf(VAT_PAYER, language="de")


def test_an_empty_document_can_still_be_set() -> None:
    bare = replace(VAT_PAYER, lines=(), vat_breakdown=(), payment=None, due_date=None, number="", type_code="999")
    bare = replace(bare, seller=type(bare.seller)(), buyer=type(bare.buyer)())
    assert "Total de plată" in text(bare)


def test_a_reason_known_by_its_code_alone_is_said_in_words() -> None:
    discount = AllowanceCharge(amount=Decimal(10), base_amount=Decimal(200), reason_code="95", vat_rate=Decimal(21))
    freight = AllowanceCharge(amount=Decimal(5), reason_code="FC")
    page = text(replace(VAT_PAYER, allowances=(discount,), charges=(freight,), vat_point_date_code="35"))
    for said in (
        "Reducere din 200,00, TVA 21 % −10,00 lei", "Taxă suplimentară (Transport de marfă) 5,00 lei",
        "Exigibilitatea TVA la livrare",
    ):  # fmt: skip
        assert said in page


def test_outside_vat_three_different_sums_are_all_shown() -> None:
    odd = replace(PFA, totals=replace(PFA.totals, without_vat=Decimal(1400)))
    assert "Total fără TVA 1.400,00 lei" in text(odd)
    assert "Fără TVA, din 1.500,00" in text(odd)


def test_an_english_copy_says_reverse_charge_in_english_beside_the_sellers_words() -> None:
    group = VatBreakdown(taxable_amount=Decimal(100), tax_amount=Decimal(0), category="AE", rate=Decimal(0))
    note = Note("Taxare inversă, art. 278 alin. (2) Cod fiscal")
    services = replace(VAT_PAYER, vat_breakdown=(group,), notes=(note,))
    page = re.sub(r"\s+", " ", " ".join(one.extract_text() for one in read(services, language="en").pages))
    assert "Taxare inversă, art. 278 alin. (2) Cod fiscal Reverse charge" in page
    assert text(services).count("axare inversă,") == 2  # the note, and the row of the totals: no legend of ours
