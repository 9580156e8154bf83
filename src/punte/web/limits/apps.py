from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "punte.web.limits"
    label = "limits"
