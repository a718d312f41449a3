"""Orders graphs with dask.order and prints one JSON object a graph: {"seconds": 0.1, "order": [...]}.

usage: order.py FILE...

A file has one line a task: the numbers of the tasks that it needs. "seconds" is the wall time of
dask.order alone; "order" has the numbers of the tasks, the first to run first.
"""

import json
import sys
import time

from dask._task_spec import convert_legacy_graph
from dask.order import order


def run_all(*args):
    return sum(args)


def read(path):
    with open(path) as file:
        rows = [[("task", int(word)) for word in line.split()] for line in file]
    return {("task", i): (run_all, *needs) for i, needs in enumerate(rows)}


def main(paths):
    for path in paths:
        graph = convert_legacy_graph(read(path))
        start = time.perf_counter()
        priorities = order(graph)
        seconds = time.perf_counter() - start
        sequence = sorted(range(len(graph)), key=lambda i: priorities["task", i])
        print(json.dumps({"seconds": seconds, "order": sequence}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
