from django.urls import path

from . import views

app_name = "plans"
urlpatterns = [
    path("", views.subscription, name="subscription"),
    path("comanda/", views.order, name="order"),
    path("proforma/<int:pk>/", views.proforma, name="proforma"),
    path("proforma/<int:pk>/proforma.pdf", views.pdf, name="pdf"),
]
