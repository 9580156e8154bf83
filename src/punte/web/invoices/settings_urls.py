from django.urls import path

from . import settings_views as views

app_name = "on_invoices"
urlpatterns = [
    path("", views.index, name="index"),
    path("sigla/", views.logo, name="logo"),
    path("conturi/<int:pk>/stergere/", views.remove, name="remove"),
]
