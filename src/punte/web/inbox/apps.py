from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "punte.web.inbox"
    label = "inbox"
