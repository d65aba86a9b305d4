#!/usr/bin/python3
"""Train heed's text recipe once more in PyTorch, and compare bits a character on the held-out text.

    text_peer.py [--heed ./heed] [--file /usr/share/common-licenses/GPL-3] [--steps 600] [--seeds 3] [--attention dpa|cog]

The recipe is written from its definition, not translated: the same law of initial weights, of windows and of
the learning rate, the same optimiser, the same split; the random numbers are PyTorch's own. So single seeds
differ, and the means over seeds are compared. Exit code 1 if they differ by more than 2 %.
"""
import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import torch
from torch.nn import functional

LIMIT = 0.02
DIM, HEADS, LAYERS, FFN, CONTEXT, BATCH = 64, 4, 4, 176, 64, 16
RATE, WARMUP, FLOOR, DECAY, CLIP, HELD_OUT = 0.003, 100, 0.05, 0.01, 1.0, 0.1


def settings(options, seed):
    pairs = {"race": f"transformer-{options.attention}", "task.kind": "text", "task.file": options.file,
             "task.context": CONTEXT, "task.held_out": HELD_OUT, "train.batch": BATCH, "model.dim": DIM,
             "model.heads": HEADS, "model.layers": LAYERS, "model.ffn": FFN, "model.position": "rope",
             "model.norm": "rms", "model.activation": "silu-gated", "model.bias": "no",
             "train.steps": options.steps, "train.learning_rate": RATE, "train.warmup": WARMUP,
             "train.floor": FLOOR, "train.decay": DECAY, "train.clip": CLIP, "train.seed": seed,
             "train.threads": options.threads, "train.eval_every": 100000}
    return [word for key, value in pairs.items() for word in ("-s", f"{key}={value}")]


def heed_bits(options, seed):
    """(bits a character, characters they are the mean of, parameters)"""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([options.heed, "train", "-o", f"{folder}/run", "--json", *settings(options, seed)],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    result = json.loads(done.stdout)["contestants"][0]
    return result["bits"], result["loss_n"], result["parameters"]


class Block(torch.nn.Module):
    """x + attention(norm(x)), then x + gated feed-forward (norm(x)); weights ~ N(0, 1 / inputs), no biases."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind
        shapes = {"q": (DIM, DIM), "k": (DIM, DIM), "v": (DIM, DIM), "o": (DIM, DIM),
                  "gate": (FFN, DIM), "up": (FFN, DIM), "down": (DIM, FFN)}
        self.weight = torch.nn.ParameterDict(
            {n: torch.nn.Parameter(torch.randn(s) / math.sqrt(s[1])) for n, s in shapes.items()})
        self.gain = torch.nn.ParameterList([torch.nn.Parameter(torch.ones(DIM)) for _ in range(2)])

    def attend(self, x, turn):
        B, T, _ = x.shape
        q, k, v = ((x @ self.weight[n].T).view(B, T, HEADS, -1).transpose(1, 2) for n in "qkv")
        z = turned(q, turn) @ turned(k, turn).transpose(2, 3) / math.sqrt(DIM // HEADS)
        seen = torch.ones(T, T, dtype=torch.bool).tril()
        size = z if self.kind == "dpa" else z.abs()
        w = torch.softmax(size.masked_fill(~seen, -math.inf), -1)
        w = w if self.kind == "dpa" else w * torch.sign(z)
        return (w @ v).transpose(1, 2).reshape(B, T, DIM) @ self.weight["o"].T

    def forward(self, x, turn):
        x = x + self.attend(rms(x, self.gain[0]), turn)
        y = rms(x, self.gain[1])
        gated = functional.silu(y @ self.weight["gate"].T) * (y @ self.weight["up"].T)
        return x + gated @ self.weight["down"].T


def rms(x, gain):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * gain


def turned(x, turn):
    pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2).contiguous())
    return torch.view_as_real(pairs * turn[: x.shape[2]]).flatten(-2)


class Text(torch.nn.Module):
    def __init__(self, symbols, attention):
        super().__init__()
        self.embed = torch.nn.Parameter(torch.randn(symbols, DIM))
        ends = (0, LAYERS - 1) if LAYERS >= 3 else ()
        self.blocks = torch.nn.ModuleList(Block("dpa" if l in ends else attention) for l in range(LAYERS))
        self.gain = torch.nn.Parameter(torch.ones(DIM))
        self.head = torch.nn.Parameter(torch.randn(symbols, DIM) / math.sqrt(DIM))
        width = DIM // HEADS
        angle = torch.arange(CONTEXT)[:, None] * 10000.0 ** (-torch.arange(0, width, 2) / width)
        self.turn = torch.polar(torch.ones_like(angle), angle)

    def forward(self, ids):
        x = self.embed[ids]
        for block in self.blocks:
            x = block(x, self.turn)
        return rms(x, self.gain) @ self.head.T


def rate(step, steps):
    if step < WARMUP:
        return RATE * (step + 1) / WARMUP
    progress = min(1, (step - WARMUP) / max(1, steps - WARMUP))
    return RATE * (FLOOR + (1 - FLOOR) * (1 + math.cos(math.pi * progress)) / 2)


def torch_bits(options, seed):
    torch.manual_seed(seed)
    text = pathlib.Path(options.file).read_text(encoding="utf-8")
    place = {c: i for i, c in enumerate(sorted(set(text)))}
    ids = torch.tensor([place[c] for c in text])
    held_out = int(len(ids) * HELD_OUT)
    train, test = ids[:-held_out], ids[-held_out:]
    model = Text(len(place), options.attention)
    matrices = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": DECAY},
                                   {"params": others, "weight_decay": 0}], betas=(0.9, 0.999), eps=1e-8)
    for step in range(options.steps):
        first = torch.randint(len(train) - CONTEXT, (BATCH, 1))
        window = train[first + torch.arange(CONTEXT + 1)]
        loss = functional.cross_entropy(model(window[:, :-1]).flatten(0, 1), window[:, 1:].flatten())
        for group in optimizer.param_groups:
            group["lr"] = rate(step, options.steps)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
    count = (len(test) - 1) // CONTEXT
    x = test[: count * CONTEXT].view(count, CONTEXT)
    y = test[1 : count * CONTEXT + 1].view(count, CONTEXT)
    with torch.no_grad():
        loss = functional.cross_entropy(model(x).flatten(0, 1), y.flatten())
    return loss.item() / math.log(2), count * CONTEXT, sum(p.numel() for p in model.parameters())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--heed", default="./heed")
    parser.add_argument("--file", default="/usr/share/common-licenses/GPL-3")
    parser.add_argument("--attention", default="dpa", choices=["dpa", "cog"])
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"{options.file}, transformer-{options.attention}, {options.steps} steps\n"
          f"{'seed':>4} {'heed':>9} {'PyTorch':>9}  bits a character")
    sums = [0.0, 0.0]
    for seed in range(1, options.seeds + 1):
        ours, theirs = heed_bits(options, seed), torch_bits(options, seed)
        if ours[1:] != theirs[1:]:
            raise ValueError(f"heed has {ours[1:]} characters and parameters, PyTorch {theirs[1:]}")
        sums = [sums[0] + ours[0], sums[1] + theirs[0]]
        print(f"{seed:4} {ours[0]:9.4f} {theirs[0]:9.4f}", flush=True)
    apart = sums[0] / sums[1] - 1
    print(f"mean {sums[0] / options.seeds:9.4f} {sums[1] / options.seeds:9.4f}  heed {100 * apart:+.2f} %"
          f"; {ours[1]} held-out characters, {ours[2]} parameters")
    return 1 if abs(apart) > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
