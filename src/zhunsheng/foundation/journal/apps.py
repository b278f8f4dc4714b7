from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "zhunsheng.foundation.journal"
    label = "journal"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from zhunsheng.foundation.journal.append_only import guard_all

        post_migrate.connect(guard_all, dispatch_uid="append-only")
