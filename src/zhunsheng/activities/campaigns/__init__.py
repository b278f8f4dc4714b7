"""Campaigns: putting the work of many laboratories in order, from the plan to proof that it helped.

A campaign is too much for one room, so each stage has its own, with the same files as every domain. Imports between them go
one way, in the order of the stages: plan → selfcheck, draw, screen → inspection → rectification → summary.
"""
