from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "punte.web.invoices"
    label = "invoices"
