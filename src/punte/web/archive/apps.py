from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "punte.web.archive"
    label = "archive"
