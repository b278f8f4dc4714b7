"""The officer's phone: own tasks, the checklist on site without a network, and what it sends when there is one again.

Everything lies under one address (`/inspector/`), which is as far as its service worker reaches. Without a network the page comes
from the phone and what is written down waits there; the server takes each record once, by the key that the phone gave it.
"""
