"""What people must be told: reminders on working-day clocks, escalation, an inbox, and e-mail that points to it.

A clock says what is due when, and whose turn it is; which clocks there are, and who holds a post, comes from above (`faces/clocks`),
because this room knows neither laboratories nor certificates. A reminder is made once for each stage of a clock, however often
the clocks are looked at. E-mail carries a day and a link, never what a message is about. Needs the calendar,
accounts and the journal; leaves no evidence.
"""
