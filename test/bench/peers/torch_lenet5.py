"""Trains lenet5 in PyTorch, eager and channels_last, on noise: prints the median ms of a step and the peak memory."""

import json
import resource
import sys
import time

import torch
from torch import nn

batch, steps, threads = (int(argument) for argument in sys.argv[1:4])
torch.set_num_threads(threads)
torch.manual_seed(1)

network = nn.Sequential(
    nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(32, 64, 2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(64, 128, 2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(15488, 500), nn.ReLU(), nn.Linear(500, 500), nn.ReLU(), nn.Linear(500, 30),
).to(memory_format=torch.channels_last)  # fmt: skip
optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
images = torch.randn(batch, 1, 96, 96).contiguous(memory_format=torch.channels_last)
targets = torch.randn(batch, 30)
mask = torch.ones(batch, 30)

times = []
for _ in range(steps):
    start = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    loss = ((network(images) - targets).square() * mask).sum() / mask.sum()
    loss.backward()
    optimizer.step()
    times.append((time.perf_counter() - start) * 1000)

times = sorted(times[3:])
print(json.dumps({
    "version": torch.__version__,
    "stepMs": times[len(times) // 2],
    "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
}))  # fmt: skip
