"""The addresses at which items are sent and watched."""

from django.urls import URLPattern, path, register_converter

from zhunsheng.faces.office import round_ship as ship


class Paper:
    """What is printed or filled in for parcels."""

    regex = "labels|pack-list|tracking"
    to_python = to_url = str


class Act:
    """What becomes of a parcel."""

    regex = "lost|back|replace"
    to_python = to_url = str


register_converter(Paper, "parcel_paper")
register_converter(Act, "parcel_act")
HERE = "office/rounds/<uuid:pk>/ship/"
OFFICE_ROUND_SHIP: list[URLPattern] = [
    path(HERE, ship.parcels, name="office_round_ship"),
    path(f"{HERE}pack/", ship.pack, name="office_round_pack"),
    path(f"{HERE}send/", ship.send, name="office_round_send"),
    path(f"{HERE}papers/<parcel_paper:what>/", ship.paper, name="office_round_ship_paper"),
    path(f"{HERE}<uuid:parcel_pk>/", ship.parcel, name="office_round_parcel"),
    path(f"{HERE}<uuid:parcel_pk>/<parcel_act:what>/", ship.act, name="office_round_parcel_act"),
]
