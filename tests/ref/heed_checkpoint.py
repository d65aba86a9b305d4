"""Read a checkpoint of heed with the standard library and numpy alone."""
import configparser
import json
import struct

import numpy


def load(path):
    """Returns (tensors, metadata): {"model.embed.weight": float32 array, ...}, {"step": "2500", ...}."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{path}: {name} has type {entry['dtype']}")
        begin, end = entry["data_offsets"]
        numbers = numpy.frombuffer(data[8 + length + begin : 8 + length + end], "<f4")
        tensors[name] = numbers.reshape(entry["shape"]).copy()
    return tensors, metadata


class Settings:
    """The metadata's config. settings["model.dim"] is text; integer() and number() convert."""

    def __init__(self, metadata):
        ini = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=True)
        ini.optionxform = str
        ini.read_string(metadata["config"])
        self.values = {f"{s}.{k}": v for s in ini.sections() for k, v in ini.items(s)}
        self.cast = self.values["race.cast"]
        kind, _, attention = self.cast.partition("-")
        self.values.setdefault("model.kind", kind)
        self.values.setdefault("attn.kind", attention)

    def __getitem__(self, key):
        return self.values.get(f"{self.cast}.{key}", self.values[key])

    def integer(self, key):
        return int(self[key])

    def number(self, key):
        return float(self[key])
