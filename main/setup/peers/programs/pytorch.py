"""One measurement in PyTorch: python pytorch.py REQUEST.

REQUEST is {shape, work: "train", ctx, threads, runs} as JSON. A decoder of that shape with random weights in bf16, LoRA of
rank 8 on its seven projections, AdamW. The last line of standard output is {"runs": [tokens per second], "peakRssMiB"}.
"""

import json
import resource
import sys
import time

import torch
import torch.nn.functional as F

request = json.loads(sys.argv[1])
shape, ctx, runs = request["shape"], request["ctx"], request["runs"]
D, L, H, G = shape["dim"], shape["layers"], shape["heads"], shape["groups"]
d, FF, V = shape["headDim"], shape["feedForward"], shape["vocabulary"]
RANK, SCALE = 8, 2.0
torch.set_num_threads(request["threads"])
torch.manual_seed(1)
parameters = []


def weight(rows, columns):
    return torch.randn(rows, columns, dtype=torch.bfloat16) / columns**0.5


class Projection:
    def __init__(self, inputs, outputs):
        self.w = weight(outputs, inputs)
        self.a = weight(RANK, inputs).requires_grad_()
        self.b = torch.zeros(outputs, RANK, dtype=torch.bfloat16, requires_grad=True)
        parameters.extend([self.a, self.b])

    def __call__(self, x):
        return F.linear(x, self.w) + SCALE * F.linear(F.linear(x, self.a), self.b)


def norm(x):
    return F.rms_norm(x, x.shape[-1:])


def rotate(x):
    half = d // 2
    angles = torch.arange(ctx)[:, None] * 10000.0 ** (-torch.arange(half) / half)
    cosine, sine = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    first, second = x[..., :half], x[..., half:]
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)


class Block:
    def __init__(self):
        self.q, self.k, self.v = Projection(D, H * d), Projection(D, G * d), Projection(D, G * d)
        self.o = Projection(H * d, D)
        self.gate, self.up, self.down = Projection(D, FF), Projection(D, FF), Projection(FF, D)

    def __call__(self, x):
        h = norm(x)
        q, k, v = (p(h).view(1, ctx, n, d).transpose(1, 2) for p, n in ((self.q, H), (self.k, G), (self.v, G)))
        if shape["headNorms"]:
            q, k = norm(q), norm(k)
        y = F.scaled_dot_product_attention(rotate(q), rotate(k), v, is_causal=True, enable_gqa=H != G)
        y = y.transpose(1, 2).reshape(1, ctx, H * d)
        x = x + self.o(norm(y) if shape["subNorms"] else y)
        h = norm(x)
        y = F.silu(self.gate(h)) * self.up(h)
        return x + self.down(norm(y) if shape["subNorms"] else y)


embedding = weight(V, D)
blocks = [Block() for _ in range(L)]
optimizer = torch.optim.AdamW(parameters, lr=1e-4)
tokens = torch.randint(0, V, (1, ctx + 1))

measured = []
for run in range(-2, runs):
    begin = time.perf_counter()
    x = F.embedding(tokens[:, :ctx], embedding)
    for block in blocks:
        x = block(x)
    loss = F.cross_entropy(F.linear(norm(x), embedding)[0].float(), tokens[0, 1:])
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    if run >= 0:
        measured.append(ctx / (time.perf_counter() - begin))

peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"runs": measured, "peakRssMiB": peak}, separators=(",", ":")))
