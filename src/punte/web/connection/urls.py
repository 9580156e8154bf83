from django.urls import path

from . import views

app_name = "connection"
urlpatterns = [
    path("", views.integrations, name="integrations"),
    path("conectare/", views.consent, name="consent"),
    path("anaf/intoarcere/", views.callback, name="callback"),
    path("problema/<slug:key>/", views.problem, name="problem"),
    path("verificare/", views.check, name="check"),
    path("<int:pk>/deconectare/", views.disconnect, name="disconnect"),
]
