"""Heat maps to places, for the peers in PyTorch."""

import torch
from torch import nn


class SoftArgmax(nn.Module):
    """
    Heat maps of cells x cells for each cell, [n, keypoints * cells * cells, rows, columns], to [n, 2 * keypoints]: the mean
    place of each keypoint's softmax, -1 to 1 from edge to edge.
    """

    def __init__(self, cells=1):
        super().__init__()
        self.larger = nn.PixelShuffle(cells)

    def forward(self, maps):
        maps = self.larger(maps)
        n, keypoints, rows, columns = maps.shape
        share = maps.reshape(n, keypoints, -1).softmax(2).view(n, keypoints, rows, columns)
        x, y = ((2 * torch.arange(side) + 1) / side - 1 for side in (columns, rows))
        return torch.stack([(share.sum(2) * x).sum(2), (share.sum(3) * y).sum(2)], 2).flatten(1)
