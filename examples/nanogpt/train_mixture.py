"""Trains nanoGPT's model on a mixture and writes the validation loss of every domain.

The sequences of each batch are drawn by the shares of tokens in the mixture file; all have the same length, so that shares of
sequences are shares of tokens. Losses are nats per token.
"""

import argparse
import json
import os
import sys

import numpy as np
import torch

sys.path.insert(0, os.environ["NANOGPT"])
from model import GPT, GPTConfig  # noqa: E402

SHAPE = dict(n_layer=6, n_head=6, n_embd=384, block_size=512, vocab_size=50304, dropout=0.0, bias=False)
BATCH = 32  # sequences a step
LEARNING_RATE = 1e-3
WARMUP = 0.05  # share of the steps
EVALUATIONS = 8
EVAL_BATCHES = 50  # of each domain


def read_tokens(domain, split):
    path = os.path.join(os.environ["DATA"], domain, f"{split}.bin")
    return np.memmap(path, dtype=np.uint16, mode="r")


def batch(parts, device):
    """Inputs and targets of (tokens, start) pairs."""
    length = SHAPE["block_size"]
    rows = np.stack([tokens[start : start + length + 1].astype(np.int64) for tokens, start in parts])
    both = torch.from_numpy(rows).to(device)
    return both[:, :-1].contiguous(), both[:, 1:].contiguous()


@torch.no_grad()
def validation_loss(model, tokens, device):
    """Over the same sequences each time, evenly spread."""
    model.eval()
    starts = np.linspace(0, len(tokens) - SHAPE["block_size"] - 1, EVAL_BATCHES * BATCH).astype(np.int64)
    losses = []
    for at in range(0, len(starts), BATCH):
        inputs, targets = batch([(tokens, start) for start in starts[at : at + BATCH]], device)
        losses.append(model(inputs, targets)[1].item())
    model.train()
    return float(np.mean(losses))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mixture", required=True)
    parser.add_argument("--tokens", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    with open(args.mixture) as file:
        shares = json.load(file)["mixture"]
    domains = list(shares)
    probabilities = np.array([shares[domain] for domain in domains])
    probabilities /= probabilities.sum()
    train = [read_tokens(domain, "train") for domain in domains]
    validation = {domain: read_tokens(domain, "val") for domain in domains}

    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(args.seed)
    draw = np.random.default_rng(args.seed)
    model = GPT(GPTConfig(**SHAPE)).to(device)
    optimizer = model.configure_optimizers(0.1, LEARNING_RATE, (0.9, 0.95), device)
    per_step = BATCH * SHAPE["block_size"]
    steps = max(1, round(args.tokens / per_step))
    evaluate_at = {round(steps * (i + 1) / EVALUATIONS) for i in range(EVALUATIONS)}
    losses_file = os.path.join(args.out, "losses.jsonl")
    with open(losses_file, "w") as log:
        for step in range(1, steps + 1):
            rate = LEARNING_RATE * min(1, step / max(1, WARMUP * steps))
            for group in optimizer.param_groups:
                group["lr"] = rate
            chosen = draw.choice(len(domains), size=BATCH, p=probabilities)
            parts = [(train[j], draw.integers(len(train[j]) - SHAPE["block_size"])) for j in chosen]
            loss = model(*batch(parts, device))[1]
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            if step in evaluate_at:
                measured = {domain: validation_loss(model, tokens, device) for domain, tokens in validation.items()}
                print(json.dumps({"tokens": step * per_step, "losses": measured}), file=log, flush=True)


if __name__ == "__main__":
    main()
