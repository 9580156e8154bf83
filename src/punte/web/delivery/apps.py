from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "punte.web.delivery"
    label = "delivery"

    def ready(self) -> None:
        from punte.web.invoices.signals import deadline_told, issue_requested, schedule_requested

        from .records import on_deadline_told
        from .sending import answer, schedule_answer

        issue_requested.connect(answer, dispatch_uid="delivery.sending")
        deadline_told.connect(on_deadline_told, dispatch_uid="delivery.records")
        schedule_requested.connect(schedule_answer, dispatch_uid="delivery.scheduling")
