#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write layered.txt: loss and gradients of a tiny layered network by PyTorch's autograd in float64.

An implementation of its own, from the formulas alone; tests/model/test_golden.c must agree with it.
Run it from this folder to make the file again: ./layered.py > layered.txt
"""
import random

import torch

torch.set_default_dtype(torch.float64)
SLOTS, DEPTH, WIDTH = 54, 2, 3
LENGTHS = [4, 6, 3]  # chords of each chorale
CHORALES = [0, 2]  # a batch of whole chorales
POINTS = [1, 2, 5, 9]  # a batch of time points, counted over all pairs

random.seed(20240612)
torch.manual_seed(20240612)


def chord():
    return sum(1 << slot for slot in random.sample(range(SLOTS), 4))


chorales = [[chord() for _ in range(n)] for n in LENGTHS]
notes = torch.tensor([[c >> i & 1 for i in range(SLOTS)] for ch in chorales for c in ch], dtype=torch.float64)
mean, deviation = notes.mean(), notes.std(unbiased=False)

# J1 M1 b1 J2 M2 b2 K W h, the order of the flat layout
shapes = []
for a in range(DEPTH):
    shapes += [(f"J{a + 1}", WIDTH, SLOTS if a == 0 else WIDTH), (f"M{a + 1}", WIDTH, WIDTH), (f"b{a + 1}", WIDTH, 1)]
shapes += [("K", SLOTS, WIDTH), ("W", SLOTS, SLOTS), ("h", SLOTS, 1)]
w = {name: (0.3 * torch.randn(rows, cols)).requires_grad_() for name, rows, cols in shapes}


def sweep(chosen):
    """Per pair of the chosen chorales: cost, and the list of (block, pre-activation or field, what multiplies it)."""
    pairs = []
    for c in chosen:
        mu = [torch.zeros(WIDTH) for _ in range(DEPTH)]
        for now, later in zip(chorales[c], chorales[c][1:]):
            x = (torch.tensor([float(now >> i & 1) for i in range(SLOTS)]) - mean) / deviation
            s = torch.tensor([1.0 if later >> i & 1 else -1.0 for i in range(SLOTS)])
            below, parts = x, []
            for a in range(DEPTH):
                u = w[f"J{a+1}"] @ below + w[f"M{a+1}"] @ mu[a] + w[f"b{a+1}"][:, 0]
                u.retain_grad()
                parts += [(f"J{a+1}", u, below), (f"M{a+1}", u, mu[a]), (f"b{a+1}", u, torch.ones(1))]
                mu[a] = torch.tanh(u)
                below = mu[a]
            field = w["K"] @ below + w["W"] @ x + w["h"][:, 0]
            field.retain_grad()
            parts += [("K", field, below), ("W", field, x), ("h", field, torch.ones(1))]
            cost = torch.nn.functional.softplus(-2.0 * s * field).sum()
            pairs.append((cost, parts))
    return pairs


def clear():
    for p in w.values():
        p.grad = None


def flat(blocks):
    return torch.cat([blocks[name].reshape(-1) for name, _, _ in shapes])


def gradients_by_autograd(chosen, divisor):
    clear()
    total = sum(cost for cost, _ in sweep(chosen))
    (total / divisor).backward()
    return total, flat({name: p.grad for name, p in w.items()})


T = sum(n - 1 for n in LENGTHS)
P = len(LENGTHS)
total, full = gradients_by_autograd(range(P), T)
batch_total, batch = gradients_by_autograd(CHORALES, len(CHORALES) * T / P)

clear()
pairs = sweep(range(P))
sum(cost for cost, _ in pairs).backward()
points = {name: torch.zeros(rows, cols) for name, rows, cols in shapes}
second = {name: 0.0 for name, _, _ in shapes}
for t, (_, parts) in enumerate(pairs):
    for name, u, factor in parts:
        outer = torch.outer(u.grad, factor.detach())
        second[name] += float((outer * outer).sum()) / T
        if t in POINTS:
            points[name] += outer / len(POINTS)


def show(name, numbers):
    print(name, len(numbers), *(float(x).hex() for x in numbers))


print("# made by layered.py with PyTorch", torch.__version__.split("+")[0])
print("depth 1", DEPTH)
print("width 1", WIDTH)
print("lengths", len(LENGTHS), *LENGTHS)
print("chords", sum(LENGTHS), *(hex(c) for ch in chorales for c in ch))
show("weights", flat({k: v.detach() for k, v in w.items()}))
show("loss", [total / T])
show("gradient_full", full)
print("chorales", len(CHORALES), *CHORALES)
show("loss_chorales", [batch_total / sum(LENGTHS[c] - 1 for c in CHORALES)])
show("gradient_chorales", batch)
print("points", len(POINTS), *POINTS)
show("gradient_points", flat(points))
show("second_pair", [second[name] for name, _, _ in shapes])
