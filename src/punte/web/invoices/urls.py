from django.urls import path

from . import (
    documents_views,
    editing,
    exports,
    letters_views,
    payment_views,
    receipts_views,
    recurring_views,
    scheduling_views,
    series_views,
    views,
)

app_name = "invoices"
urlpatterns = [
    path("", views.index, name="list"),
    path("export.<slug:kind>", exports.export, name="export"),
    path("factura/noua/", editing.create, name="create"),
    path("factura/previzualizare/", editing.preview, name="preview"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/editare/", editing.edit, name="edit"),
    path("<int:pk>/factura.pdf", views.pdf, name="pdf"),
    path("<int:pk>/factura.xml", views.xml, name="xml"),
    path("<int:pk>/stergere/", views.delete, name="delete"),
    path("<int:pk>/copiere/", views.copy, name="copy"),
    # what is made from a document
    path("<int:pk>/stornare/", documents_views.storno, name="storno"),
    path("<int:pk>/stornare/randuri/", documents_views.storno_lines, name="storno-lines"),
    path("<int:pk>/nota-de-creditare/", documents_views.credit_note, name="credit-note"),
    path("<int:pk>/factura-corectata/", documents_views.corrected, name="corrected"),
    path("<int:pk>/in-proforma/", documents_views.to_proforma, name="to-proforma"),
    path("<int:pk>/emitere/", documents_views.issue, name="issue"),
    path("<int:pk>/in-factura/", documents_views.to_invoice, name="to-invoice"),
    path("<int:pk>/sablon/", documents_views.template, name="template"),
    path("<int:pk>/din-sablon/", documents_views.from_template, name="from-template"),
    # when it leaves
    path("<int:pk>/programare/", scheduling_views.schedule, name="schedule"),
    path("<int:pk>/oprire/", scheduling_views.stop, name="stop"),
    # to the client, by mail
    path("<int:pk>/mail/", letters_views.mail, name="mail"),
    path("<int:pk>/amintire/", letters_views.remind, name="remind"),
    path("mailuri/", letters_views.wording, name="wording"),
    path("<int:pk>/incasare/", payment_views.payment, name="payment"),
    # receipts; `payment`: of the Payment
    path("chitante/", receipts_views.receipts, name="receipts"),
    path("incasari/<int:payment>/chitanta.pdf", receipts_views.receipt, name="receipt"),
    path("incasari/<int:payment>/mail/", receipts_views.mail, name="receipt-mail"),
    path("incasari/<int:payment>/anulare/", receipts_views.cancel, name="payment-cancel"),
    # what is written by itself
    path("recurente/", recurring_views.index, name="recurring"),
    path("<int:pk>/repetare/", recurring_views.new, name="recurring-new"),
    path("recurente/<int:pk>/", recurring_views.detail, name="recurrence"),
    path("recurente/<int:pk>/pauza/", recurring_views.pause, name="recurrence-pause"),
    path("recurente/<int:pk>/incheiere/", recurring_views.end, name="recurrence-end"),
    # Setări → Serii
    path("serii/", series_views.index, name="series"),
    path("serii/<int:pk>/", series_views.change, name="series-change"),
    path("serii/<int:pk>/arhivare/", series_views.archive, name="series-archive"),
    path("serii/<int:pk>/lipsa/", series_views.gaps, name="series-gaps"),
    path("serii/<int:pk>/lipsa.txt", series_views.gaps_text, name="series-gaps-text"),
]
