"""
Trains a preset in Keras on TensorFlow, in graph mode (fit), on noise, then predicts: prints the median ms of a step and
of a batch's prediction, and the peak memory of training. Arguments: preset, batch, steps, threads, oneDNN ("on" or
"default": as TensorFlow decides).
"""

import json
import os
import resource
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
# TensorFlow leaves oneDNN off on processors without AVX-512, where it trains twice as fast with it.
if sys.argv[5:] == ["on"]:
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"

import keras
import numpy as np
import tensorflow as tf
from keras import layers

preset = sys.argv[1]
batch, steps, threads = (int(argument) for argument in sys.argv[2:5])
tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(1)
keras.utils.set_random_seed(1)


def convolution(filters, kernel, stride=1, padding="valid", activation=None):
    return layers.Conv2D(filters, kernel, stride, padding, activation=activation)


def residual(maps, filters, stride):
    """Two 3x3 convolutions beside a shortcut: the mean of stride x stride cells, then 1x1 where the channels differ."""
    body = convolution(filters, 3, stride, "same", "relu")(maps)
    body = convolution(filters, 3, 1, "same")(body)
    shortcut = layers.AveragePooling2D(stride)(maps) if stride > 1 else maps
    if maps.shape[-1] != filters:
        shortcut = convolution(filters, 1)(shortcut)
    return layers.ReLU()(layers.add([shortcut, body]))


class SoftArgmax(layers.Layer):
    """Heat maps of 2 x 2 cells for each cell, to the mean place of each keypoint's softmax, -1 to 1 from edge to edge."""

    def call(self, maps):
        maps = tf.nn.depth_to_space(maps, 2)
        rows, columns, keypoints = maps.shape[1:]
        share = tf.nn.softmax(tf.reshape(tf.transpose(maps, [0, 3, 1, 2]), [-1, keypoints, rows * columns]))
        y, x = (np.linspace(1 / side - 1, 1 - 1 / side, side, dtype=np.float32) for side in (rows, columns))
        places = np.stack([np.tile(x, rows), np.repeat(y, columns)], 1)
        return tf.reshape(tf.matmul(share, places), [-1, 2 * keypoints])


def lenet5(maps):
    for filters, kernel in [(32, 3), (64, 2), (128, 2)]:
        maps = layers.MaxPooling2D(2)(convolution(filters, kernel, activation="relu")(maps))
    values = layers.Flatten()(maps)
    for units in [500, 500]:
        values = layers.Dense(units, activation="relu")(values)
    return layers.Dense(30)(values)


def default(maps):
    maps = convolution(16, 5, 2, "same", "relu")(maps)
    for filters, stride in [(16, 2), (32, 2), (48, 1), (64, 1)]:
        maps = residual(maps, filters, stride)
    return SoftArgmax()(convolution(60, 1)(maps))


class Stopwatch(keras.callbacks.Callback):
    def on_train_batch_begin(self, step, logs=None):
        self.start = time.perf_counter()

    def on_train_batch_end(self, step, logs=None):
        times.append((time.perf_counter() - self.start) * 1000)


pictures = keras.Input((96, 96, 1))
outputs = {"lenet5": lenet5, "default": default}[preset](pictures)
network = keras.Model(pictures, outputs)
network.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
times = []
noise = np.random.default_rng(1)
images = noise.standard_normal((batch * steps, 96, 96, 1), dtype=np.float32)
targets = noise.standard_normal((batch * steps, 30), dtype=np.float32)
network.fit(images, targets, batch_size=batch, epochs=1, shuffle=False, verbose=0, callbacks=[Stopwatch()])

peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000

predictions = []
for _ in range(steps):
    start = time.perf_counter()
    network.predict_on_batch(images[:batch])
    predictions.append((time.perf_counter() - start) * 1000)


def median(values):
    """Of those after the first three."""
    settled = sorted(values[3:])
    return settled[len(settled) // 2]


print(json.dumps({
    "version": f"{keras.__version__} on TensorFlow {tf.__version__}",
    "stepMs": median(times),
    "predictMs": median(predictions),
    "peakMegabytes": peak,
}))  # fmt: skip
