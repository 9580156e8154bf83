from django.urls import path, re_path

from . import export_views, import_views

app_name = "transfer"
urlpatterns = [
    path("", export_views.index, name="index"),
    path("import/", import_views.create, name="create"),
    path("import/<int:pk>/", import_views.detail, name="import"),
    path("import/<int:pk>/coloane/", import_views.columns, name="columns"),
    path("import/<int:pk>/porneste/", import_views.begin, name="begin"),
    path("import/<int:pk>/anuleaza/", import_views.undo, name="undo"),
    path("import/<int:pk>/respinse.csv", import_views.refused, name="refused"),
    re_path(r"^export/(?P<what>[a-z]+)\.(?P<kind>csv|xlsx)$", export_views.export, name="export"),
    path("jurnal/", export_views.sales, name="journal"),
    re_path(r"^jurnal\.(?P<kind>csv|xlsx)$", export_views.sales_file, name="journal_file"),
    path("pachete/", export_views.archive_create, name="archive_create"),
    path("arhiva/", export_views.kit_create, name="kit_create"),
    path("arhiva/<int:pk>/", export_views.kit_detail, name="kit"),
    path("arhiva/<int:pk>/punte.zip", export_views.kit_file, name="kit_file"),
]
