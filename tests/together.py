"""Several who act at the same instant."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(n: int, act: Callable[[], object]) -> list[object]:
    """Do the same in n threads that start together, each with its own connection; return the answers or errors."""
    together, answers = threading.Barrier(n), []

    def one() -> None:
        together.wait(timeout=10)
        try:
            answers.append(act())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return answers
