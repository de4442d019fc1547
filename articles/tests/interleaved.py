"""Two moves in an order that the test chooses: no luck, no sleeping."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait

from django.db import connection, connections

LONGEST = 20  # seconds until a test gives up
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def interleave(first, second, *, before):
    """Stop `first` before its statement that begins with `before`, and let `second` begin.

    `first` goes on when `second` waits for a lock of it, or is done because there was none.
    """
    stopped, go_on, begun = (threading.Event() for _ in range(3))

    def stop(execute, sql, *call):
        if sql.startswith(before) and not stopped.is_set():
            stopped.set()
            assert go_on.wait(LONGEST)
        return execute(sql, *call)

    def notice(execute, sql, *call):
        if not sql.startswith("SELECT"):
            begun.set()
        return execute(sql, *call)

    with ThreadPoolExecutor(2) as threads:
        try:
            one = threads.submit(_run, first, stop)
            assert stopped.wait(LONGEST), f"it never came to {before}"
            other = threads.submit(_run, second, notice)
            while not (other.done() or _waits(begun)):
                wait([other], timeout=0.01)
        finally:
            go_on.set()
        return one.result(LONGEST), other.result(LONGEST)


def _run(move, wrapper):
    try:
        with connection.execute_wrapper(wrapper):
            return move()
    finally:
        connections.close_all()


def _waits(begun):
    """On SQLite whoever writes waits for the other one, from the beginning of a transaction."""
    if connection.vendor != "postgresql":
        return begun.is_set()
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0
