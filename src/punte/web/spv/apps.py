from django.apps import AppConfig


class SpvConfig(AppConfig):
    name = "punte.web.spv"
    label = "spv"
