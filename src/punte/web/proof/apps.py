from django.apps import AppConfig


class ProofConfig(AppConfig):
    name = "punte.web.proof"
    label = "proof"
