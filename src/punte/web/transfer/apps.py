from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "punte.web.transfer"
    label = "transfer"
