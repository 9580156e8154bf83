from django.apps import AppConfig


class ConnectionConfig(AppConfig):
    name = "punte.web.connection"
    label = "connection"
