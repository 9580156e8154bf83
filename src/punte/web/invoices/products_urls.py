from django.urls import path

from . import products_views as views

app_name = "products"
urlpatterns = [
    path("", views.index, name="list"),
    path("nou/", views.create, name="create"),
    path("sugestii/", views.suggest, name="suggest"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/arhivare/", views.archive, name="archive"),
    path("<int:pk>/stergere/", views.delete, name="delete"),
]
