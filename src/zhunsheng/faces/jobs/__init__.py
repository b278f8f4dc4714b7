"""The clock and the queue are users too: long work runs here, with progress, and goes on after a crash.

A `Job` row says how far the work is and beats while it lives. A worker that is killed stops beating; the sweeper notices and
queues the job again, and the work, idempotent in its steps, goes on. The queue itself is django-tasks.
"""
