"""Non-food substances (非食用物质): what has been found in food where it must never be, in which foods, and how it is tested.

Dated data in the package, no table: the 47 substances of the lists compiled by the Ministry of Health on 2011-04-22 and the 17
phthalates of its Announcement No. 16 of 2011. A substance for which the list names no method says so. Needs the catalogue, which
knows the parameters and the states of the standards; leaves no evidence. Who can test it, near a place, is asked of
`capability.profile.near`.
"""
