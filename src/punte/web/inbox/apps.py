from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "punte.web.inbox"
    label = "inbox"

    def ready(self) -> None:
        from punte.web.spv.signals import ended, filed

        from .reading import on_ended, on_filed

        filed.connect(on_filed, dispatch_uid="inbox.reading")
        ended.connect(on_ended, dispatch_uid="inbox.reading")
