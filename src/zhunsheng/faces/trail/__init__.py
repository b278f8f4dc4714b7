"""The trail of acts: who did what and when, where it stands in the log, and the proof of it, for whoever may see what it was done to.

`access` says which acts a visitor may see; an act's reason and its before and after tell as much as the thing itself, so whoever may
not see the one does not see the other. `words` names the verbs, `pages` shows them.
"""
