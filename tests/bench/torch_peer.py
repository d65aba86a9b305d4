#!/usr/bin/python3
"""heed's training steps beside the same models in plain PyTorch (eager, CPU).

    tests/bench/torch_peer.py [--heed ./heed] [--case NAME]... [--seconds S] [--rounds N] [--isa NAME]

Same layers, sizes, loss, clipping and AdamW as the cases of `heed bench`, written as one would in
PyTorch; the numbers of parameters are compared, so that both learn the same. Both are timed alike:
median of the steps after a warm-up. They take turns; of each side the best round counts, and of
PyTorch the better of 1 and 2 threads. PyTorch draws its tokens with torch.randint, which is cheaper
than the task's windows. Prints a table in Markdown.

Shapes: B sequences, T positions, C width, H heads, D = C / H, V symbols. Activations are (T, B, C).
"""
import argparse
import json
import math
import statistics
import subprocess
import sys
import time

import torch
from torch import nn
from torch.nn import functional

V = 20
EA_EPS = 1e-6


class Grouped(nn.Module):
    """A linear map with weights of its own at each position: (T, B, in) -> (T, B, out)."""

    def __init__(self, groups, fan_in, fan_out, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(groups, fan_out, fan_in) / math.sqrt(fan_in))
        self.bias = nn.Parameter(torch.zeros(groups, 1, fan_out)) if bias else None

    def forward(self, x):
        weight = self.weight.transpose(1, 2)
        return torch.bmm(x, weight) if self.bias is None else torch.baddbmm(self.bias, x, weight)


def dot_product(z, allowed):
    return torch.softmax(z.masked_fill(~allowed, -math.inf), -1)


def expressive(z, allowed):
    square = z * z
    u = square / (1 + square) * allowed
    return u / (EA_EPS + u.sum(-1, keepdim=True))


class Attention(nn.Module):
    def __init__(self, linear, weigh, scale, T, C, H):
        super().__init__()
        self.heads, self.scale, self.weigh = H, scale, weigh
        self.qkv, self.out = linear(C, 3 * C, False), linear(C, C, False)
        self.register_buffer("allowed", torch.ones(T, T, dtype=torch.bool).tril())

    def forward(self, x):
        T, B, C = x.shape
        heads = self.qkv(x).view(T, B, 3, self.heads, C // self.heads)
        q, k, v = heads.permute(2, 1, 3, 0, 4)  # (B, H, T, D) each
        w = self.weigh(self.scale * (q @ k.transpose(-1, -2)), self.allowed)
        return self.out((w @ v).permute(2, 0, 1, 3).reshape(T, B, C))


class Block(nn.Module):
    def __init__(self, linear, weigh, scale, T, C, H):
        super().__init__()
        self.attention_norm, self.ffn_norm = nn.LayerNorm(C), nn.LayerNorm(C)
        self.attention = Attention(linear, weigh, scale, T, C, H)
        self.up, self.down = linear(C, 4 * C, True), linear(4 * C, C, True)

    def forward(self, x):
        x = x + self.attention(self.attention_norm(x))
        return x + self.down(functional.gelu(self.up(self.ffn_norm(x)), approximate="tanh"))


class Transformer(nn.Module):
    def __init__(self, T, C, H, L, own_weights=False):
        super().__init__()
        self.embed, self.position = nn.Embedding(V, C), nn.Parameter(0.1 * torch.randn(T, 1, C))
        linear = (lambda i, o, bias: Grouped(T, i, o, bias)) if own_weights else nn.Linear
        weigh, scale = (expressive, 1) if own_weights else (dot_product, 1 / math.sqrt(C // H))
        self.blocks = nn.Sequential(*(Block(linear, weigh, scale, T, C, H) for _ in range(L)))
        self.norm, self.head = nn.LayerNorm(C), nn.Linear(C, V)

    def forward(self, tokens):
        return self.head(self.norm(self.blocks(self.embed(tokens) + self.position)))


class Lstm(nn.Module):
    def __init__(self, C):
        super().__init__()
        self.embed, self.lstm, self.head = nn.Embedding(V, C), nn.LSTM(C, C), nn.Linear(C, V)

    def forward(self, tokens):
        return self.head(self.lstm(self.embed(tokens))[0])


class Mlp(nn.Module):
    """Predicts the symbol after the window only: (1, B, V)."""

    def __init__(self, T, C, hidden):
        super().__init__()
        self.embed = nn.Embedding(V, C)
        self.first, self.second = nn.Linear(T * C, hidden), nn.Linear(hidden, hidden)
        self.head = nn.Linear(hidden, V)

    def forward(self, tokens):
        x = self.embed(tokens.t()).flatten(1)
        x = functional.gelu(self.first(x), approximate="tanh")
        x = functional.gelu(self.second(x), approximate="tanh")
        return self.head(x).unsqueeze(0)


CASES = {  # name: T, B, model
    "tiny-transformer": (32, 64, lambda: Transformer(32, 32, 4, 1)),
    "tiny-cisformer": (32, 64, lambda: Transformer(32, 32, 4, 1, own_weights=True)),
    "tiny-lstm": (32, 64, lambda: Lstm(32)),
    "tiny-mlp": (32, 64, lambda: Mlp(32, 32, 256)),
    "small-transformer": (128, 16, lambda: Transformer(128, 128, 4, 4)),
    "medium-transformer": (256, 4, lambda: Transformer(256, 256, 8, 6)),
}


class Trainer:
    """AdamW at a constant rate; decay on matrices and embeddings only, as heed has it."""

    def __init__(self, name):
        torch.manual_seed(1)
        self.T, self.B, build = CASES[name]
        self.model = build()
        decayed, plain = [], []
        for key, p in self.model.named_parameters():
            is_matrix = p.dim() >= 2 and not key.endswith("bias")
            (decayed if is_matrix else plain).append(p)
        groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0}]
        self.optimizer = torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.999), eps=1e-8)

    def parameters(self):
        return sum(p.numel() for p in self.model.parameters())

    def step(self):
        window = torch.randint(0, V, (self.T + 1, self.B))
        tokens, targets = window[:-1], window[1:]
        self.optimizer.zero_grad(set_to_none=True)
        logits = self.model(tokens)
        targets = targets[self.T - logits.shape[0] :]
        loss = functional.cross_entropy(logits.reshape(-1, V), targets.reshape(-1))
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        return loss.item()


def time_torch(trainer, threads, seconds, least):
    """Milliseconds of the median step, as `heed bench` takes it."""
    torch.set_num_threads(threads)
    begin = time.perf_counter()
    warm = 0
    while warm < 5 or time.perf_counter() - begin < 0.1 * seconds:
        trainer.step()
        warm += 1
    took = []
    begin = time.perf_counter()
    while len(took) < least or time.perf_counter() - begin < seconds:
        before = time.perf_counter()
        trainer.step()
        took.append(time.perf_counter() - before)
    return 1e3 * statistics.median(took)


def time_heed(options, name):
    words = [options.heed, "bench", "--json", "--case", name, "--seconds", str(options.seconds)]
    if options.isa:
        words += ["--isa", options.isa]
    bench = json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)
    return bench, bench["cases"][0]


def measure(options, name):
    trainer = Trainer(name)
    torch_ms = {1: math.inf, 2: math.inf}
    best = bench = None
    for _ in range(options.rounds):
        said, case = time_heed(options, name)
        if case["parameters"] != trainer.parameters():
            sys.exit(f"{name}: heed learns {case['parameters']} numbers, PyTorch {trainer.parameters()}")
        if best is None or case["ms_per_step"] < best["ms_per_step"]:
            best, bench = case, said
        for threads in torch_ms:
            ms = time_torch(trainer, threads, options.seconds, options.steps)
            torch_ms[threads] = min(torch_ms[threads], ms)
    return bench, best, torch_ms


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--heed", default="./heed", help="the program (./heed)")
    parser.add_argument("--case", action="append", choices=CASES, help="this one; repeatable (all)")
    parser.add_argument("--seconds", type=float, default=2, help="for each measurement (2)")
    parser.add_argument("--steps", type=int, default=30, help="least steps PyTorch is timed (30)")
    parser.add_argument("--rounds", type=int, default=2, help="turns that both take (2)")
    parser.add_argument("--isa", help="heed's instruction set")
    options = parser.parse_args()
    head = None
    for name in options.case or CASES:
        bench, case, torch_ms = measure(options, name)
        if head is None:
            head = f"heed: {bench['isa']}, {bench['threads']} threads; PyTorch {torch.__version__}"
            print(f"{head}\n")
            print("| case | heed ms | PyTorch ms, 1 thread | 2 threads | times as fast | of peak |")
            print("|---|--:|--:|--:|--:|--:|")
        ratio = min(torch_ms.values()) / case["ms_per_step"]
        print(f"| {name} | {case['ms_per_step']:.3f} | {torch_ms[1]:.1f} | {torch_ms[2]:.1f} "
              f"| {ratio:.1f} | {100 * case['share_of_peak']:.1f} % |", flush=True)


if __name__ == "__main__":
    main()
