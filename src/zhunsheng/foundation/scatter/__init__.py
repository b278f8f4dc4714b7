"""Long pure work spread over processes: of this machine, or of others by Dask. It knows neither Django nor tables, and leaves no evidence.

A site says where (`ZHUNSHENG_SCATTER`): nothing, a pool of this machine's processes; `tcp://host:8786`, the scheduler of a Dask
cluster whose workers have the same version installed. Whoever calls writes what comes back; a process that dies in the middle
therefore loses nothing, its piece is done again.
"""
