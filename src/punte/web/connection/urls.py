from django.urls import path

from . import application_views, guest_views, life_views, views

app_name = "connection"
urlpatterns = [
    path("", views.integrations, name="integrations"),
    path("conectare/", views.consent, name="consent"),
    path("anaf/intoarcere/", views.callback, name="callback"),
    path("problema/<slug:key>/", views.problem, name="problem"),
    path("verificare/", views.check, name="check"),
    path("<int:pk>/deconectare/", views.disconnect, name="disconnect"),
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
