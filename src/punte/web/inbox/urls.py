from django.urls import path

from . import document_views, views

app_name = "inbox"
urlpatterns = [
    path("", views.index, name="list"),
    path("export.<slug:kind>", views.export, name="export"),
    path("furnizori/", views.supplier_list, name="suppliers"),
    path("marcare/", views.mark, name="mark"),
    path("anulare/", views.undo, name="undo"),
    path("verificare/", views.ask_now, name="ask-now"),
    path("<int:pk>/", document_views.detail, name="detail"),
    path("<int:pk>/factura.pdf", document_views.pdf, name="pdf"),
    path("<int:pk>/factura.xml", document_views.xml, name="xml"),
    path("<int:pk>/arhiva.zip", document_views.package, name="package"),
    path("<int:pk>/notita/", document_views.note, name="note"),
    path("<int:pk>/mesaj/", document_views.remark, name="remark"),
]
