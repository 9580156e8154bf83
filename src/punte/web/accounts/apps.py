from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "punte.web.accounts"
    label = "accounts"
