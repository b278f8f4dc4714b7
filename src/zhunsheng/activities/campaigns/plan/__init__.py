"""The plan of a campaign (动员部署): what is to be put in order, by whom, in which stages, until when.

Needs the registry for the institutions that take part and the rulebook's pack it is judged by. All later stages stand on it. A plan
shows nothing about what a laboratory can measure, so it leaves no evidence.
"""
