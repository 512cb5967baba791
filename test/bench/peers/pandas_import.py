"""Reads the competition's archive as people do: pandas for the tables, numpy for the column Image.

pandas_import.py ARCHIVE: prints seconds and peak memory as JSON. Nothing is stored, hashed or checked.
"""
import io
import json
import resource
import sys
import time
import zipfile

import numpy as np
import pandas as pd


def pictures(archive, name):
    with zipfile.ZipFile(io.BytesIO(archive.read(f"{name}.zip"))) as inner:
        with inner.open(f"{name}.csv") as table:
            frame = pd.read_csv(table)
    return frame, np.stack([np.fromstring(text, sep=" ", dtype=np.uint8) for text in frame["Image"]])


begun = time.perf_counter()
with zipfile.ZipFile(sys.argv[1]) as archive:
    training, training_pictures = pictures(archive, "training")
    test, test_pictures = pictures(archive, "test")
    with archive.open("IdLookupTable.csv") as table:
        lookup = pd.read_csv(table)
seconds = time.perf_counter() - begun
json.dump(
    {
        "pictures": len(training_pictures) + len(test_pictures),
        "seconds": seconds,
        "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    },
    sys.stdout,
)
