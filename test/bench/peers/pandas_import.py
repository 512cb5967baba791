"""Reads the competition's archive as people do: pandas for the tables, numpy for the column Image.

pandas_import.py ARCHIVE DTYPE: prints seconds and peak memory as JSON. Nothing is stored, hashed or checked. DTYPE is
float64, which np.fromstring gives when it is not told otherwise and the competition's tutorials use, or uint8, for
which numpy has a much faster parser.
"""
import io
import json
import resource
import sys
import time
import zipfile

import numpy as np
import pandas as pd

dtype = np.dtype(sys.argv[2])


def pictures(archive, name):
    with zipfile.ZipFile(io.BytesIO(archive.read(f"{name}.zip"))) as inner:
        with inner.open(f"{name}.csv") as table:
            frame = pd.read_csv(table)
    return frame, np.stack([np.fromstring(text, sep=" ", dtype=dtype) for text in frame["Image"]])


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
