from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "zhunsheng.foundation.calendar"
    label = "calendar"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from zhunsheng.foundation.calendar.shipped import enter_missing_years

        post_migrate.connect(enter_missing_years, sender=self, dispatch_uid="calendar-years")
