from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "punte.web.delivery"
    label = "delivery"
