"""The addresses of campaigns, stage by stage."""

from django.urls import URLPattern, path

from zhunsheng.faces.office import campaign_board as board
from zhunsheng.faces.office import campaign_meetings as meetings
from zhunsheng.faces.office import campaign_next, campaign_people, campaigns
from zhunsheng.faces.office import campaign_stages as stages
from zhunsheng.faces.office import campaign_tasks as tasks

CAMPAIGNS: list[URLPattern] = [
    path("office/campaigns/", campaigns.campaigns, name="office_campaigns"),
    path("office/campaigns/new/", campaigns.new, name="office_campaign_new"),
    path("office/campaigns/<uuid:pk>/", board.one, name="office_campaign"),
    path("office/campaigns/<uuid:pk>/plan/", campaigns.edit, name="office_campaign_edit"),
    path("office/campaigns/<uuid:pk>/changes/", campaign_next.changes, name="office_campaign_changes"),
    path("office/campaigns/<uuid:pk>/next/", campaign_next.clone, name="office_campaign_clone"),
    path("office/campaigns/<uuid:pk>/publish/", board.publish, name="office_campaign_publish"),
    path("office/campaigns/<uuid:pk>/enrol/", board.enrol, name="office_campaign_enrol"),
    path("office/campaigns/<uuid:pk>/close/", board.close, name="office_campaign_close"),
    path("office/campaigns/<uuid:pk>/stages/", stages.stages, name="office_campaign_stages"),
    path("office/campaigns/<uuid:pk>/stages/gate/", stages.gate, name="office_campaign_gate"),
    path("office/campaigns/<uuid:pk>/stages/days/", stages.days, name="office_campaign_days"),
    path("office/campaigns/<uuid:pk>/institutions/", campaign_people.participants, name="office_campaign_participants"),
    path("office/campaigns/<uuid:pk>/tasks/", tasks.tasks, name="office_campaign_tasks"),
    path("office/campaigns/<uuid:pk>/tasks/new/", tasks.new, name="office_campaign_task_new"),
    path("office/campaigns/<uuid:pk>/tasks/<uuid:task>/", tasks.one, name="office_campaign_task"),
    path("office/campaigns/<uuid:pk>/meetings/", meetings.meetings, name="office_campaign_meetings"),
    path("office/campaigns/<uuid:pk>/meetings/new/", meetings.new, name="office_campaign_meeting_new"),
    path("office/campaigns/<uuid:pk>/meetings/<uuid:meeting>/", meetings.one, name="office_campaign_meeting"),
]
