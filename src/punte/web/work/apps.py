from django.apps import AppConfig
from django.db.models.signals import post_save


class WorkConfig(AppConfig):
    name = "punte.web.work"
    label = "work"

    def ready(self) -> None:
        from . import deferring

        post_save.connect(deferring.when_due, sender="delivery.Submission", dispatch_uid="work.when_due")
