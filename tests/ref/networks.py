"""The networks of heed in plain PyTorch: from a checkpoint's tensors and settings to logits.

Written from the definitions alone, in double precision, one sequence at a time. Shapes: T positions, C width,
H heads, D = C / H, V symbols.
"""
import math

import torch
from torch.nn import functional

EA_EPS = 1e-6
DIFF_LAMBDA = 0.8
NORM_EPS = 1e-5


def attention_weights(kind, z):
    """One row of weights from one row of scores: only the keys that the query may see."""
    if kind == "dpa":
        return torch.softmax(z, 0)
    if kind == "cog":
        return torch.sign(z) * torch.softmax(z.abs(), 0)
    if kind == "linear":  # of scores of features
        return z / (EA_EPS + z.sum())
    if kind == "square":
        return z * z / (EA_EPS + (z * z).sum())
    if kind == "softmax1":
        return torch.softmax(torch.cat([z, z.new_zeros(1)]), 0)[:-1]
    if kind == "sigmoid":
        return torch.sigmoid(z - math.log(len(z)))
    if kind == "relu2":
        return torch.relu(z) ** 2 / len(z)
    if kind == "centered":
        return torch.softmax(z, 0) - 1 / len(z)
    u = z * z / (1 + z * z)
    if kind in ("ea", "extensive"):
        return u / (EA_EPS + u.sum())
    if kind == "signed-ea":
        return torch.sign(z) * u / (EA_EPS + u.sum())
    raise ValueError(f"unknown attention {kind}")


class Network:
    def __init__(self, tensors, settings):
        self.p = {k[len("model.") :]: torch.tensor(v, dtype=torch.float64)
                  for k, v in tensors.items() if k.startswith("model.")}
        self.s = settings
        self.kind = settings["model.kind"]
        self.dim = settings.integer("model.dim")
        self.layers = settings.integer("model.layers")
        self.context = settings.integer("task.context")
        self.biases = settings["model.bias"] == "yes"
        self.used = set()
        self.changes = {}  # (layer, head): "removed", "positive" or "uniform", from 0
        self.stream = []  # of the newest forward: logits at the last position, read on the way

    def take(self, name):
        self.used.add(name)
        return self.p[name]

    def unused(self):
        return sorted(set(self.p) - self.used)

    def linear(self, name, x, bias=True):
        """x (T, in) -> (T, out). With G groups the weight is (G, out, in), and position t has group t G / T."""
        weight = self.take(f"{name}.weight")
        bias = bias and self.biases
        if weight.dim() == 2:
            return functional.linear(x, weight, self.take(f"{name}.bias") if bias else None)
        group = torch.arange(x.shape[0]) * weight.shape[0] // self.context
        y = torch.einsum("toi,ti->to", weight[group], x)
        return y + self.take(f"{name}.bias")[group] if bias else y

    def activation(self, x):
        kind = self.s["model.activation"]
        if kind == "gelu":
            return functional.gelu(x, approximate="tanh")
        return {"relu": torch.relu, "tanh": torch.tanh}[kind](x)

    def norm(self, name, x):
        kind = self.s["model.norm"]
        if kind == "none":
            return x
        if kind == "rms":
            x = x / torch.sqrt((x * x).mean(-1, keepdim=True) + NORM_EPS)
            return x * self.take(f"{name}.weight")
        weight, bias = self.take(f"{name}.weight"), self.take(f"{name}.bias") if self.biases else None
        return functional.layer_norm(x, (self.dim,), weight, bias, NORM_EPS)

    def embed(self, ids, symbols):
        if self.s["model.embedding"] == "onehot":
            return functional.one_hot(ids, self.dim).double()
        weight = self.take("embed.weight")
        assert weight.shape == (symbols, self.dim)
        return weight[ids]

    def positions(self, count):
        kind = self.s["model.position"]
        if kind == "learned":
            return self.take("pos.weight")[:count]
        table = torch.zeros(count, self.dim, dtype=torch.float64)
        if kind == "sinusoidal":
            for t in range(count):
                for j in range(self.dim):
                    angle = t / 10000 ** ((j - j % 2) / self.dim)
                    table[t, j] = math.cos(angle) if j % 2 else math.sin(angle)
        return table

    def layer_attention(self, layer):
        """Variant and scale; kept ends use dot products with their own scale."""
        kind = self.s["attn.kind"]
        if self.s["attn.keep_ends"] == "yes" and layer in (0, self.layers - 1) and kind != "dpa":
            return "dpa", 1 / math.sqrt(self.dim // self.s.integer("model.heads"))
        return kind, self.s.number("attn.scale")

    def turned(self, x, first):
        """Rope: rows of x (n, W), at positions first, first + 1, ...: neighbours as complex numbers, turned."""
        width = x.shape[1]
        place = torch.arange(first, first + len(x)).double()
        rate = 10000.0 ** (-torch.arange(0, width, 2).double() / width)
        angle = place[:, None] * rate[None, :]
        pairs = torch.view_as_complex(x.reshape(len(x), width // 2, 2).contiguous())
        return torch.view_as_real(pairs * torch.polar(torch.ones_like(angle), angle)).reshape(len(x), width)

    def weigh(self, kind, scale, head, query, keys):
        """Weights of one query of a head, q (D), over the keys that it sees, k (n, D): itself is the last."""
        if kind == "diff":
            half = len(query) // 2
            first = self.weigh("dpa", scale, head, query[:half], keys[:, :half])
            return first - DIFF_LAMBDA * self.weigh("dpa", scale, head, query[half:], keys[:, half:])
        count, position = len(keys), self.s["model.position"]
        if position == "rope":
            query, keys = self.turned(query[None], count - 1)[0], self.turned(keys, 0)
        if kind == "linear":
            query, keys = functional.elu(scale * query) + 1, functional.elu(keys) + 1
            scale = 1
        z = scale * (keys @ query)
        if position == "alibi":
            slope = 2 ** (-8 * (head + 1) / self.s.integer("model.heads"))
            z = z - slope * torch.arange(count - 1, -1, -1).double()
        return attention_weights(kind, z)

    def changed(self, layer, head, w):
        """A row of weights with what is done to its head."""
        change = self.changes.get((layer, head))
        if change == "removed":
            return torch.zeros_like(w)
        if change == "positive":
            return w.clamp(min=0)
        return torch.full_like(w, 1 / len(w)) if change == "uniform" else w

    def attend(self, layer, x):
        """Returns the mixed values (T, C) and the maps (H, T, T)."""
        name, heads, count = f"layers.{layer}.attn", self.s.integer("model.heads"), x.shape[0]
        width = self.dim // heads
        kind, scale = self.layer_attention(layer)
        q, k, v = (self.linear(f"{name}.{m}", x, bias=False).view(count, heads, width) for m in "qkv")
        maps = torch.zeros(heads, count, count, dtype=torch.float64)
        mixed = torch.zeros(count, heads, width, dtype=torch.float64)
        for h in range(heads):
            for i in range(count):
                seen = count if self.kind == "uvit" else i + 1
                maps[h, i, :seen] = self.changed(layer, h, self.weigh(kind, scale, h, q[i, h], k[:seen, h]))
                mixed[i, h] = maps[h, i, :seen] @ v[:seen, h]
        return self.linear(f"{name}.o", mixed.reshape(count, self.dim), bias=False), maps

    def feed_forward(self, layer, x):
        name = f"layers.{layer}.ffn"
        if self.s["model.activation"] == "silu-gated":
            y = functional.silu(self.linear(f"{name}.gate", x)) * self.linear(f"{name}.up", x)
        else:
            y = self.activation(self.linear(f"{name}.up", x))
        return self.linear(f"{name}.down", y)

    def joined(self, layer, x, kept):
        """Long skips of a U-ViT: block L - 1 - s begins with a map of the stream and what left block s."""
        if self.kind != "uvit":
            return x
        start = self.layers - layer  # what left block `start - 1`
        kept.append(x)
        if start < layer:
            x = self.linear(f"layers.{layer}.skip", torch.cat([x, kept[start]], 1))
        return x

    def read(self, x):
        """What the head makes of the stream as it is here, at the last position."""
        if self.kind != "uvit":
            y = self.norm("norm", x) if self.s["model.where"] == "pre" else x
            self.stream.append(self.linear("head", y)[-1])

    def transformer(self, x):
        maps, kept = [], []
        self.stream = []
        x = x + self.positions(x.shape[0])
        self.read(x)
        for l in range(self.layers):
            x = self.joined(l, x, kept)
            before, after = f"layers.{l}.attn_norm", f"layers.{l}.ffn_norm"
            if self.s["model.where"] == "pre":
                y, m = self.attend(l, self.norm(before, x))
                x = x + y
                self.read(x)
                x = x + self.feed_forward(l, self.norm(after, x))
            else:
                y, m = self.attend(l, x)
                x = self.norm(before, x + y)
                self.read(x)
                x = self.norm(after, x + self.feed_forward(l, x))
            maps.append(m)
            self.read(x)
        if self.s["model.where"] == "pre":
            x = self.norm("norm", x)
        return self.linear("head", x), torch.stack(maps)

    def lstm(self, x):
        net = torch.nn.LSTM(self.dim, self.dim, self.layers, bias=self.biases).double()
        net.load_state_dict({k[len("lstm.") :]: self.take(k) for k in self.p if k.startswith("lstm.")})
        return self.linear("head", net(x.unsqueeze(1))[0].squeeze(1)), None

    def mlp(self, x):
        if x.shape[0] != self.context:
            raise ValueError("the mlp wants a full window")
        x = x.reshape(1, -1)
        for i in range(self.layers):
            x = self.activation(self.linear(f"mlp.{i}", x))
        return self.linear("head", x), None

    @torch.no_grad()
    def noise(self, image, time):
        """image (side^2) at a time -> the noise seen in it (side^2), attention (L, H, T, T)."""
        side, patch = self.s.integer("task.side"), self.s.integer("model.patch")
        across = side // patch
        pixels = torch.tensor(image, dtype=torch.float64).view(1, 1, side, side)
        patches = functional.unfold(pixels, patch, stride=patch)[0].T
        rate = 10000.0 ** (-(torch.arange(self.dim) // 2 * 2).double() / self.dim)
        sines = torch.where(torch.arange(self.dim) % 2 == 0, torch.sin(time * rate), torch.cos(time * rate))
        x = torch.cat([self.linear("time", sines[None]), self.linear("patch", patches)])
        y, maps = self.transformer(x)
        seen = functional.fold(y[1:].T[None], (side, side), patch, stride=patch)
        assert y.shape == (across * across + 1, patch * patch)
        return seen.view(-1), maps

    @torch.no_grad()
    def forward(self, ids, symbols):
        """ids (T) -> logits (T or 1, V), attention (L, H, T, T) or None."""
        x = self.embed(torch.tensor(ids), symbols)
        if self.kind in ("transformer", "cisformer"):
            return self.transformer(x)
        return {"lstm": self.lstm, "mlp": self.mlp}[self.kind](x)
