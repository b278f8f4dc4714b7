"""Who looks: offices, laboratories, the public, machines, the clock. The only place that sees everything."""
