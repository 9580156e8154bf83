"""Every address of the product, in Romanian as people see it."""

from django.urls import include, path

from punte.web.delivery.views import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("punte.web.work.urls")),
    path("cont/", include("punte.web.accounts.urls")),
    path("cont/", include("allauth.account.urls")),
    path("", include("punte.web.firms.urls")),
    path("setari/abonament/", include("punte.web.plans.urls")),
    path("date/", include("punte.web.transfer.urls")),
    path("ajutor/", include("punte.web.support.urls")),
    path("integrari/", include("punte.web.connection.urls")),
    path("venituri/", include("punte.web.invoices.urls")),
    path("venituri/", include("punte.web.delivery.urls")),
    path("venituri/", include("punte.web.proof.urls")),
    path("cheltuieli/", include("punte.web.inbox.urls")),
    path("setari/pe-facturi/", include("punte.web.invoices.settings_urls")),
    path("clienti/", include("punte.web.invoices.clients_urls")),
    path("produse/", include("punte.web.invoices.products_urls")),
    path("design/", include("punte.web.design.urls")),
]
