"""The addresses of campaigns as those see them who are asked: laboratories, and authorities that receive tasks from above."""

from django.urls import URLPattern, path

from zhunsheng.faces.workspace import campaign_tasks, campaigns

HERE = "workspace/campaigns/"
OUR_CAMPAIGNS: list[URLPattern] = [
    path(HERE, campaigns.campaigns, name="workspace_campaigns"),
    path(f"{HERE}<uuid:pk>/", campaigns.one, name="workspace_campaign"),
    path(f"{HERE}<uuid:pk>/sign/", campaigns.sign, name="workspace_campaign_sign"),
    path(f"{HERE}<uuid:pk>/tasks/<uuid:task>/", campaigns.task, name="workspace_campaign_task"),
    path(f"{HERE}received/", campaign_tasks.received, name="workspace_campaign_received"),
    path(f"{HERE}received/<uuid:pk>/", campaign_tasks.answer, name="workspace_campaign_received_task"),
]
