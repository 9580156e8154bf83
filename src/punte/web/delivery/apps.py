from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "punte.web.delivery"
    label = "delivery"

    def ready(self) -> None:
        from punte.web.invoices.signals import issue_requested, schedule_requested

        from .sending import answer, schedule_answer

        issue_requested.connect(answer, dispatch_uid="delivery.sending")
        schedule_requested.connect(schedule_answer, dispatch_uid="delivery.scheduling")
