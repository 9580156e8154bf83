from django.urls import path

from . import editing, views

app_name = "invoices"
urlpatterns = [
    path("", views.index, name="list"),
    path("factura/noua/", editing.create, name="create"),
    path("factura/previzualizare/", editing.preview, name="preview"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/editare/", editing.edit, name="edit"),
    path("<int:pk>/factura.pdf", views.pdf, name="pdf"),
    path("<int:pk>/factura.xml", views.xml, name="xml"),
    path("<int:pk>/stergere/", views.delete, name="delete"),
    path("<int:pk>/stornare/", views.storno, name="storno"),
    path("<int:pk>/copiere/", views.copy, name="copy"),
]
