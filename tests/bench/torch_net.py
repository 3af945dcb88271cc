# SPDX-License-Identifier: GPL-3.0-or-later
"""The same network and training step in PyTorch, as a good user would write them: nn.RNN on padded batches."""
import time

import numpy as np
import torch

SLOTS = 54


class Block:
    """Chorales as padded tensors [P, longest, 54], with the number of pairs of each."""

    def __init__(self, path):
        with open(path, "rb") as file:
            mean, deviation = np.fromfile(file, np.float64, 2)
            chorales, pairs = np.fromfile(file, np.int32, 2)
            start = np.fromfile(file, np.int32, chorales + 1)
            chords = np.fromfile(file, np.uint64, 2 * pairs)
        notes = (chords[:, None] >> np.arange(SLOTS, dtype=np.uint64) & np.uint64(1)).astype(np.float64)
        self.pairs, self.length = int(pairs), np.diff(start)
        shape = (chorales, self.length.max(), SLOTS)
        self.x, self.s, mask = (np.zeros(shape) for _ in range(3))
        for c in range(chorales):
            rows = slice(start[c], start[c + 1])
            self.x[c, : self.length[c]] = (notes[:pairs][rows] - mean) / deviation
            self.s[c, : self.length[c]] = 2 * notes[pairs:][rows] - 1
            mask[c, : self.length[c]] = 1
        self.mask = mask[:, :, :1]

    def tensors(self, dtype):
        return [torch.tensor(a, dtype=dtype) for a in (self.x, self.s, self.mask)]


class Net(torch.nn.Module):
    """H = K mu + W x + h over layers of mu = tanh(J x + M mu)."""

    def __init__(self, depth, width, w, dtype):
        super().__init__()
        self.rnn = torch.nn.RNN(SLOTS, width, depth, nonlinearity="tanh", bias=False, batch_first=True)
        self.readout = torch.nn.Linear(width, SLOTS)
        self.direct = torch.nn.Linear(SLOTS, SLOTS, bias=False)
        self.to(dtype)
        at = 0
        for p in self.in_order():
            p.data = torch.tensor(w[at : at + p.numel()].reshape(p.shape), dtype=dtype)
            at += p.numel()
        assert at == len(w)

    def in_order(self):
        """The parameters in the order of the engine's weight blocks: J1 M1 J2 M2 ... K W h."""
        for layer in range(self.rnn.num_layers):
            yield getattr(self.rnn, f"weight_ih_l{layer}")
            yield getattr(self.rnn, f"weight_hh_l{layer}")
        yield self.readout.weight
        yield self.direct.weight
        yield self.readout.bias

    def forward(self, x):
        mu, _ = self.rnn(x)
        return self.readout(mu) + self.direct(x)


def loss_of(net, x, s, mask):
    """Sum over pairs of sum_i ln(1 + exp(-2 s_i H_i))."""
    return (torch.nn.functional.softplus(-2 * s * net(x)) * mask).sum()


def gradient(block, depth, width, w, dtype):
    net = Net(depth, width, w, dtype)
    loss = loss_of(net, *block.tensors(dtype)) / block.pairs
    loss.backward()
    return loss.item(), np.concatenate([p.grad.double().numpy().ravel() for p in net.in_order()])


class Trainer:
    """Steps of plain SGD on the full block or on `batch` chorales drawn without replacement."""

    def __init__(self, block, depth, width, w, batch, eta=0.01):
        self.block, self.batch = block, batch
        self.x, self.s, self.mask = block.tensors(torch.float32)
        self.length = torch.tensor(block.length)
        self.net = Net(depth, width, w, torch.float32)
        self.sgd = torch.optim.SGD(self.net.parameters(), lr=eta)
        self.random = torch.Generator().manual_seed(1)

    def step(self):
        x, s, mask, scale = self.x, self.s, self.mask, 1 / self.block.pairs
        if self.batch:
            chosen = torch.randperm(len(x), generator=self.random)[: self.batch]
            longest = int(self.length[chosen].max())
            x, s, mask = (t[chosen, :longest] for t in (x, s, mask))
            scale *= len(self.x) / self.batch
        self.sgd.zero_grad()
        (loss_of(self.net, x, s, mask) * scale).backward()
        self.sgd.step()

    def seconds(self, steps):
        start = time.thread_time()
        for _ in range(steps):
            self.step()
        return time.thread_time() - start
