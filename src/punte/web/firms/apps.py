from django.apps import AppConfig


class FirmsConfig(AppConfig):
    name = "punte.web.firms"
    label = "firms"
