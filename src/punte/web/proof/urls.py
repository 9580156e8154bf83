from django.urls import path

from . import check_views, dossier_views

app_name = "proof"
urlpatterns = [
    path("verificare/", check_views.index, name="checks"),
    path("verificare/<int:pk>/", check_views.detail, name="check"),
    path("verificare/<int:pk>/rezolvare/", check_views.mend, name="mend"),
    path("verificare/<int:pk>/inapoi/", check_views.undo, name="undo"),
    path("<int:pk>/dosar/", dossier_views.page, name="dossier"),
    path("<int:pk>/dosar.json", dossier_views.as_json, name="dossier-json"),
    path("<int:pk>/dosar.pdf", dossier_views.as_pdf, name="dossier-pdf"),
    path("dosare.zip", dossier_views.many, name="dossiers"),
]
