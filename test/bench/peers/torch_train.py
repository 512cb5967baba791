"""Trains a preset in PyTorch, eager and channels_last, on noise: prints the median ms of a step and the peak memory."""

import json
import resource
import sys
import time

import torch
from torch import nn

from soft_argmax import SoftArgmax

preset = sys.argv[1]
batch, steps, threads = (int(argument) for argument in sys.argv[2:5])
torch.set_num_threads(threads)
torch.manual_seed(1)


class Residual(nn.Module):
    """Two 3x3 convolutions beside a shortcut: the mean of stride x stride cells, then 1x1 where the channels differ."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, filters, 3, stride, 1), nn.ReLU(), nn.Conv2d(filters, filters, 3, 1, 1)
        )
        self.shortcut = nn.Sequential(
            nn.AvgPool2d(stride) if stride > 1 else nn.Identity(),
            nn.Conv2d(channels, filters, 1) if channels != filters else nn.Identity(),
        )

    def forward(self, maps):
        return self.shortcut(maps) + self.body(maps)


networks = {
    "lenet5": lambda: nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(15488, 500), nn.ReLU(), nn.Linear(500, 500), nn.ReLU(), nn.Linear(500, 30),
    ),
    "default": lambda: nn.Sequential(
        nn.Conv2d(1, 16, 5, 2, 2), nn.ReLU(),
        Residual(16, 16, 2), nn.ReLU(),
        Residual(16, 32, 2), nn.ReLU(),
        Residual(32, 48, 1), nn.ReLU(),
        Residual(48, 64, 1), nn.ReLU(),
        nn.Conv2d(64, 60, 1), SoftArgmax(2),
    ),
}  # fmt: skip
network = networks[preset]().to(memory_format=torch.channels_last)
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
