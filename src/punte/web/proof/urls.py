from django.urls import path

from . import dossier_views

app_name = "proof"
urlpatterns = [
    path("<int:pk>/dosar/", dossier_views.page, name="dossier"),
    path("<int:pk>/dosar.json", dossier_views.as_json, name="dossier-json"),
    path("<int:pk>/dosar.pdf", dossier_views.as_pdf, name="dossier-pdf"),
    path("dosare.zip", dossier_views.many, name="dossiers"),
]
