"""The addresses of campaigns, stage by stage."""

from django.urls import URLPattern, path

from zhunsheng.faces.office import campaign_board as board
from zhunsheng.faces.office import campaign_next, campaigns

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
]
