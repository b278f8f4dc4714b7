from django.apps import AppConfig


class FollowConfig(AppConfig):
    name = "zhunsheng.activities.proficiency.follow"
    label = "pt_follow"
