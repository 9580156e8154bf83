from django.apps import AppConfig
from django.conf import settings


class PlansConfig(AppConfig):
    name = "punte.web.plans"
    label = "plans"

    def ready(self) -> None:
        if settings.PLANS:
            from .catalog import catalog

            catalog()  # a wrong file stops the start, and says where
