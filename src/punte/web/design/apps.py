from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "punte.web.design"
    label = "design"
