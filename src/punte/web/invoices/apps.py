from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "punte.web.invoices"
    label = "invoices"

    def ready(self) -> None:
        from .letters import on_accepted
        from .signals import accepted

        accepted.connect(on_accepted, dispatch_uid="invoices.letters")
