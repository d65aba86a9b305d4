#!/usr/bin/python3
"""Compare the logits (or the noise seen in images), attention maps, what is read from the residual stream,
and all of these with heads changed, of `heed predict` with PyTorch, loaded from the checkpoints.

    check_logits.py [--heed ./heed] [--windows 3] [--isa auto] RUN...

Prints one line per contestant; exit code 1 if any difference exceeds 1e-4.
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys

import torch

sys.dont_write_bytecode = True  # leaves no __pycache__ among the sources
from heed_checkpoint import Settings, load
from networks import Network

LIMIT = 1e-4
SIGNED = ["cog", "signed-ea", "centered", "diff"]
OPTIONS = ["model.norm", "model.where", "model.activation", "model.position", "model.embedding", "model.bias"]


def symbols_of(run, settings):
    """Their names, and what stands between two of them for predict."""
    if settings["task.kind"] == "text":
        return sorted(set((run / "task.txt").read_text(encoding="utf-8"))), ""
    return [str(i) for i in range(settings.integer("task.base"))] + list(settings["task.subtasks"]), " "


def predict(options, run, contestant, tokens, attention, changes):
    command = [options.heed, "predict", str(run), "--tokens", tokens, "--contestant", contestant,
               "--isa", options.isa, "--json"] + (["--attention", "--stream"] if attention else [])
    if changes:
        words = [f"L{layer + 1}H{head + 1} {change}" for (layer, head), change in changes.items()]
        command += ["--change", ",".join(words)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def compare_images(options, run, contestant, network, generator):
    worst, worst_map = 0.0, 0.0
    for _ in range(options.windows):
        command = [options.heed, "predict", str(run), "--image", str(generator.randint(0, 999)), "--contestant",
                   contestant, "--isa", options.isa, "--json", "--attention"]
        answer = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        seen, maps = network.noise(answer["noisy"], answer["time"])
        worst = max(worst, (torch.tensor(answer["seen"], dtype=torch.float64) - seen).abs().max().item())
        shown = torch.tensor(answer["attention"], dtype=torch.float64)
        worst_map = max(worst_map, (shown - maps).abs().max().item())
    return worst, worst_map, maps


def draw_changes(network, generator):
    """Something done to about half of the heads."""
    changes = {}
    for layer in range(network.layers):
        signed = network.layer_attention(layer)[0] in SIGNED
        for head in range(network.s.integer("model.heads")):
            change = generator.choice(["removed", "uniform", "positive" if signed else None, None, None])
            if change:
                changes[layer, head] = change
    return changes


def compare(options, run, contestant, generator):
    """Returns (largest difference of a logit, of an attention weight or None, remarks)."""
    tensors, metadata = load(run / contestant / "checkpoint.safetensors")
    settings = Settings(metadata)
    network = Network(tensors, settings)
    context = settings.integer("task.context")
    worst, worst_map, images = 0.0, None, network.kind == "uvit"
    if images:
        worst, worst_map, maps = compare_images(options, run, contestant, network, generator)
    else:
        symbols, between = symbols_of(run, settings)
    attends = network.kind in ("transformer", "cisformer")
    for turn in range(0 if images else 2 * options.windows if attends else options.windows):
        network.changes = draw_changes(network, generator) if turn >= options.windows else {}
        short = context if network.kind == "mlp" else generator.randint(1, context)
        for count in {short, context}:
            names = generator.choices(symbols, k=count)
            logits, maps = network.forward([symbols.index(n) for n in names], len(symbols))
            answer = predict(options, run, contestant, between.join(names), maps is not None,
                             network.changes)
            ids = [symbols.index(n) for n in names]
            named = not between or answer["tokens"] == names  # a text's blanks have names of their own
            if answer["contestant"] != contestant or not named or answer["ids"] != ids:
                raise ValueError(f"{run}/{contestant}: predict answers another question")
            rows = answer["logits"]
            if network.kind == "mlp" and not any(rows[:-1]):
                rows = rows[-1:]  # it says nothing (null) of the earlier positions
            theirs = torch.tensor(rows, dtype=torch.float64)
            if theirs.shape != logits.shape:
                raise ValueError(f"{contestant}: logits {tuple(theirs.shape)}, not {tuple(logits.shape)}")
            worst = max(worst, (theirs - logits).abs().max().item())
            if maps is not None:
                shown = torch.tensor(answer["attention"], dtype=torch.float64)
                if shown.shape != maps.shape:
                    raise ValueError(f"{contestant}: maps {tuple(shown.shape)}, not {tuple(maps.shape)}")
                worst_map = max(worst_map or 0.0, (shown - maps).abs().max().item())
                stream = torch.tensor(answer["stream"], dtype=torch.float64)
                worst = max(worst, (stream - torch.stack(network.stream)).abs().max().item())
    if network.unused():
        raise ValueError(f"{run}/{contestant}: tensors without a use: {', '.join(network.unused())}")
    remarks = [settings["model.kind"], settings["attn.kind"] if maps is not None else "-"]
    remarks += [settings[o] for o in OPTIONS]
    remarks.append(f"L={settings['model.layers']} G={settings['model.groups']}")
    return worst, worst_map, remarks


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", type=pathlib.Path)
    parser.add_argument("--heed", default="./heed")
    parser.add_argument("--isa", default="auto")
    parser.add_argument("--windows", type=int, default=3, help="windows of random symbols per contestant")
    options = parser.parse_args()
    generator = random.Random(1)
    bad = checked = 0
    print(f"{'contestant':24} {'logits':>9} {'attention':>9}  settings")
    for run in options.runs:
        for path in sorted(run.glob("*/checkpoint.safetensors")):
            worst, worst_map, remarks = compare(options, run, path.parent.name, generator)
            wrong = not worst <= LIMIT or (worst_map is not None and not worst_map <= LIMIT)
            bad += wrong
            checked += 1
            shown = f"{worst_map:9.1e}" if worst_map is not None else f"{'-':>9}"
            print(f"{path.parent.name:24} {worst:9.1e} {shown}  {' '.join(remarks)}"
                  f"{'  <-- over 1e-4' if wrong else ''}")
    print(f"{checked} contestants compared, {bad} differ by more than {LIMIT:g}")
    return 1 if bad or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
