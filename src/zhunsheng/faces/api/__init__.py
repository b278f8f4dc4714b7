"""The face for programs: the same questions as the pages ask, answered as JSON under /api/v1/.

Who asks with a token is the token's user, restricted to the token's scopes; who asks without is the public. No figure is defined
here: every endpoint calls a domain's `access` and `queries`. The description of it all is /api/openapi.json.
"""
