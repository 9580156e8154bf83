from django.apps import AppConfig
from django.db.models.signals import post_save


class SpvConfig(AppConfig):
    name = "punte.web.spv"
    label = "spv"

    def ready(self) -> None:
        from punte.web.connection.models import Right

        from .listing import on_right

        post_save.connect(on_right, sender=Right, dispatch_uid="spv.listing")
