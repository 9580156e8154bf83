from django.urls import path

from . import certificate_views, guide_views, views

app_name = "connection"
urlpatterns = [
    path("", views.integrations, name="integrations"),
    path("conectare/", views.consent, name="consent"),
    path("anaf/intoarcere/", views.callback, name="callback"),
    path("problema/<slug:key>/", views.problem, name="problem"),
    path("verificare/", views.check, name="check"),
    path("ghid/", guide_views.guide, name="guide"),
    path("ghid/<slug:about>/", guide_views.answer, name="guide-answer"),
    path("certificat/", certificate_views.certificate, name="certificate"),
    path("certificat/verificare/", certificate_views.look, name="certificate-look"),
    path("certificat/intoarcere/", certificate_views.certificate_return, name="certificate-return"),
    path("certificat/fisier/", certificate_views.from_file, name="certificate-file"),
    path("certificat/proxy/<str:token>/", certificate_views.proxied, name="certificate-proxy"),
    path("<int:pk>/deconectare/", views.disconnect, name="disconnect"),
]
