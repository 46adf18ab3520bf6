"""Trains a small GPT-2 with the Hugging Face Trainer on a mixture, with the validation loss of every domain.

Documents are packed into blocks of one length before they are mixed, so that shares of blocks are shares of tokens.
"""

import argparse
import json
import os

from datasets import interleave_datasets, load_dataset
from transformers import AutoTokenizer, GPT2Config, GPT2LMHeadModel, Trainer, TrainingArguments, set_seed

BLOCK = 512
BATCH = 32  # blocks a step
EVALUATIONS = 8
EVAL_BLOCKS = 1000  # of each domain


def blocks(domain, split, tokenizer):
    """Blocks of tokens; documents are joined by the end-of-text token and the rest of a batch of documents is dropped."""

    def pack(documents):
        ids = []
        for text in documents["text"]:
            ids += tokenizer(text)["input_ids"] + [tokenizer.eos_token_id]
        rows = [ids[at : at + BLOCK] for at in range(0, len(ids) - BLOCK + 1, BLOCK)]
        return {"input_ids": rows, "labels": rows}

    path = os.path.join(os.environ["DATA"], f"{domain}.{split}.jsonl")
    texts = load_dataset("json", data_files=path, split="train", streaming=True).select_columns(["text"])
    return texts.map(pack, batched=True, batch_size=1000, remove_columns=["text"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mixture", required=True)
    parser.add_argument("--tokens", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    with open(args.mixture) as file:
        shares = json.load(file)["mixture"]
    set_seed(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(os.environ["TOKENIZER"])
    tokenizer.model_max_length = 10**9

    drawn = [domain for domain, share in shares.items() if share > 0]
    total = sum(shares[domain] for domain in drawn)
    # A domain that comes to its end starts again.
    train = interleave_datasets(
        [blocks(domain, "train", tokenizer) for domain in drawn],
        probabilities=[shares[domain] / total for domain in drawn],
        seed=args.seed,
        stopping_strategy="all_exhausted",
    )
    validation = {domain: blocks(domain, "validation", tokenizer).take(EVAL_BLOCKS) for domain in shares}

    # Whole intervals, so that the end is evaluated too.
    interval = max(1, round(args.tokens / (BLOCK * BATCH * EVALUATIONS)))
    model = GPT2LMHeadModel(
        GPT2Config(vocab_size=len(tokenizer), n_positions=BLOCK, n_embd=384, n_layer=6, n_head=6)
    )
    trainer = Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=args.out,
            max_steps=interval * EVALUATIONS,
            per_device_train_batch_size=BATCH,
            per_device_eval_batch_size=BATCH,
            learning_rate=1e-3,
            warmup_steps=max(1, interval * EVALUATIONS // 20),
            lr_scheduler_type="cosine",
            weight_decay=0.1,
            max_grad_norm=1.0,
            eval_strategy="steps",
            eval_steps=interval,
            logging_steps=interval,
            save_strategy="no",
            include_num_input_tokens_seen=True,
            report_to="none",
            seed=args.seed,
        ),
        train_dataset=train,
        eval_dataset=validation,
    )
    trainer.train()
    trainer.save_state()


if __name__ == "__main__":
    main()
