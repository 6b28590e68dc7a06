#!/usr/bin/env python3
"""trail_igraph.py TRANSFERS.csv SEEDS.csv: igraph's side of row T2.

TRANSFERS.csv: id,from,to. SEEDS.csv: id,account. For each number of hops and seed, prints
`hops seed accounts nanoseconds`: how many accounts can be reached, and the processor time that took.
"""
import sys
import time

import igraph
import numpy as np

edges = np.loadtxt(sys.argv[1], delimiter=",", dtype=np.int64)[:, 1:]
seeds = np.loadtxt(sys.argv[2], delimiter=",", dtype=np.int64, ndmin=2)
graph = igraph.Graph(n=int(max(edges.max(), seeds[:, 1].max())) + 1, edges=edges, directed=True)
for hops in (3, 4):
    # Once without looking at the clock: the first search pays for what the others find in the cache.
    for _, account in seeds:
        graph.neighborhood(int(account), order=hops, mode="out")
    for seed, account in seeds:
        begun = time.process_time_ns()
        reached = len(graph.neighborhood(int(account), order=hops, mode="out"))
        print(hops, seed, reached, time.process_time_ns() - begun)
