"""The questions asked of scopes: who may test what (`search`), what an act would do (`changing`), what standards touch (`watch`)."""
