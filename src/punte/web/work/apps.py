from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "punte.web.work"
    label = "work"
