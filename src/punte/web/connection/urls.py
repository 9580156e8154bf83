from django.urls import path

from . import (
    application_views,
    certificate_views,
    dialogue_views,
    doctor_views,
    guest_views,
    guide_views,
    life_views,
    views,
)

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
    path("intrebari/<str:path>/", dialogue_views.dialogue, name="dialogue"),
    path("doctor/", doctor_views.doctor, name="doctor"),
    path("doctor/<int:pk>/", doctor_views.checkup, name="checkup"),
    path("doctor/<int:pk>/pas/", doctor_views.step, name="step"),
    path("doctor/<int:pk>/legatura/", doctor_views.link, name="link"),
    path("doctor/<int:pk>/legatura/anulare/", doctor_views.end_link, name="end-link"),
    path("diagnostic/<str:token>/", doctor_views.open_link, name="shared"),
    # --- life after: several certificates, the link for the accountant, the journal ---
    path("certificate/", life_views.certificates, name="reserve"),
    path("certificate/<int:pk>/intai/", life_views.prefer, name="prefer"),
    path("certificate/<int:pk>/data/", life_views.certificate_date, name="certificate-date"),
    path("contabil/", life_views.invite, name="invite"),
    path("contabil/<int:pk>/retragere/", life_views.revoke, name="revoke"),
    path("jurnal/", life_views.read_journal, name="journal"),
    path("jurnal.csv", life_views.export_journal, name="journal-csv"),
    path("invitatie/<str:token>/", guest_views.invitation, name="invitation"),
    path("oaspete/", guest_views.done, name="guest-done"),
    path("retragere/<str:signed>/", guest_views.withdraw, name="withdraw"),
    # --- one's own application ---
    path("aplicatie/", application_views.application, name="application"),
    path("aplicatie/scoatere/", application_views.remove, name="application-remove"),
    path("adresa-de-intoarcere/", application_views.callback_differs, name="callback-differs"),
]
