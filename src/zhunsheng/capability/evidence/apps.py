from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "zhunsheng.capability.evidence"
    label = "evidence"
