from django.urls import path

from . import clients_views as views

app_name = "clients"
urlpatterns = [
    path("", views.index, name="list"),
    path("nou/", views.create, name="create"),
    path("sugestii/", views.suggest, name="suggest"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/editare/", views.edit, name="edit"),
    path("<int:pk>/reverificare/", views.refresh, name="refresh"),
    path("<int:pk>/arhivare/", views.archive, name="archive"),
    path("<int:pk>/stergere/", views.delete, name="delete"),
]
