from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "punte.web.support"
    label = "support"
