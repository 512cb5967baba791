"""Trains the network that Fiducial's default is set beside: a small residual net with batch norm, as one would write it in PyTorch.

    torch_reference.py FOLDER EPOCHS THREADS [dense|heat]

The head is a dense layer, or heat maps of 24 x 24 by two transposed convolutions, whose soft-argmax is the place.

FOLDER holds pictures.u8 [n, 96, 96], points.f32 [n, keypoints, 2] in pixels (NaN: not labelled), training.i32 and
validation.i32 (positions), mirror.i32 (each keypoint's partner). After every epoch the mean of a pass and a mirrored pass over
the validation pictures is written to predicted-EPOCH.f32, and a line of JSON says how many seconds training has taken, without
those passes.
"""

import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from soft_argmax import SoftArgmax

folder, epochs, threads = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
head = sys.argv[4] if len(sys.argv) > 4 else "dense"
torch.set_num_threads(threads)
torch.manual_seed(1)
SIDE, BATCH, HUBER = 96, 64, 1.0  # pixels, pictures, pixels


def read(name, kind):
    return torch.from_numpy(np.fromfile(folder / name, kind))


pictures = read("pictures.u8", np.uint8).view(-1, 1, SIDE, SIDE).float()
pictures = (pictures - pictures.mean((2, 3), keepdim=True)) / (pictures.std((2, 3), keepdim=True) + 1)
mirror = read("mirror.i32", np.int32).long()
points = read("points.f32", np.float32).view(len(pictures), len(mirror), 2)
training, validation = (read(name, np.int32).long() for name in ("training.i32", "validation.i32"))


class Block(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, filters, 3, stride, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(),
            nn.Conv2d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters),
        )  # fmt: skip
        same = stride == 1 and channels == filters
        self.shortcut = nn.Identity() if same else nn.Sequential(
            nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters)
        )  # fmt: skip

    def forward(self, maps):
        return functional.relu(self.shortcut(maps) + self.body(maps))


def enlarged(channels, filters):
    return nn.ConvTranspose2d(channels, filters, 4, 2, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU()


heads = {
    "dense": lambda: (
        nn.Flatten(), nn.Dropout(0.3), nn.Linear(128 * 36, 256), nn.ReLU(), nn.Linear(256, 2 * len(mirror)),
    ),
    "heat": lambda: (*enlarged(128, 64), *enlarged(64, 64), nn.Conv2d(64, len(mirror), 1), SoftArgmax()),
}  # fmt: skip
network = nn.Sequential(
    nn.Conv2d(1, 32, 5, 2, 2, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
    Block(32, 32, 2), Block(32, 64, 2), Block(64, 96, 2), Block(96, 128, 1), *heads[head](),
).to(memory_format=torch.channels_last)  # fmt: skip
optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
steps = epochs * (len(training) // BATCH)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)


def moved(images, places):
    """Mirrored half of the time, turned by up to 20 degrees, scaled by 18 %, shifted by 8 pixels; contrast and light changed."""
    n = len(images)
    flipped = torch.rand(n) < 0.5
    images = torch.where(flipped[:, None, None, None], images.flip(3), images)
    across = torch.stack([SIDE - 1 - places[:, mirror, 0], places[:, mirror, 1]], 2)
    places = torch.where(flipped[:, None, None], across, places)
    angle = (torch.rand(n) * 2 - 1) * math.radians(20)
    scale = 1 + (torch.rand(n) * 2 - 1) * 0.18
    shift = (torch.rand(n, 2) * 2 - 1) * 8
    cos, sin = torch.cos(angle), torch.sin(angle)
    turn = torch.stack([cos, -sin, sin, cos], 1).view(n, 2, 2) * scale[:, None, None]
    middle = (SIDE - 1) / 2
    places = (places - middle) @ turn.transpose(1, 2) + middle + shift[:, None, :]
    back = torch.linalg.inv(turn)
    offset = -(back @ (shift * 2 / SIDE)[:, :, None])
    grid = functional.affine_grid(torch.cat([back, offset], 2), images.shape, align_corners=False)
    images = functional.grid_sample(images, grid, padding_mode="border", align_corners=False)
    return images * (1 + (torch.rand(n, 1, 1, 1) * 2 - 1) * 0.3) + (torch.rand(n, 1, 1, 1) * 2 - 1) * 0.3, places


def predict(images):
    with torch.no_grad():
        parts = [network(part.contiguous(memory_format=torch.channels_last)) for part in images.split(256)]
    return torch.cat(parts).view(len(images), -1, 2) * SIDE / 2 + (SIDE - 1) / 2


seconds = 0.0
for epoch in range(1, epochs + 1):
    began = time.perf_counter()
    network.train()
    for batch in training[torch.randperm(len(training))].split(BATCH):
        if len(batch) < BATCH:
            continue  # batch norm wants whole ones
        images, places = moved(pictures[batch], points[batch])
        found = network(images.contiguous(memory_format=torch.channels_last)).view_as(places) * SIDE / 2 + (SIDE - 1) / 2
        known = ~places.isnan()
        loss = functional.huber_loss(found[known], places[known], delta=HUBER) / SIDE
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
    seconds += time.perf_counter() - began
    network.eval()
    straight, across = predict(pictures[validation]), predict(pictures[validation].flip(3))[:, mirror]
    across[:, :, 0] = SIDE - 1 - across[:, :, 0]
    ((straight + across) / 2).numpy().tofile(folder / f"predicted-{epoch}.f32")
    print(json.dumps({"epoch": epoch, "seconds": seconds}), flush=True)
