"""Trains a model of OLMo-core on a mixture, with the validation loss of every domain. Launch with torchrun."""

import argparse
import glob
import json
import os

from olmo_core.config import DType
from olmo_core.data import (
    NumpyDataLoaderConfig,
    NumpyFSLDatasetConfig,
    NumpyPaddedFSLDatasetConfig,
    TokenizerConfig,
)
from olmo_core.data.source_mixture import (
    SourceMixtureConfig,
    SourceMixtureDatasetConfig,
    SourceMixtureList,
)
from olmo_core.distributed.parallel import DataParallelType
from olmo_core.nn.transformer import TransformerConfig
from olmo_core.optim import AdamWConfig, CosWithWarmup
from olmo_core.train import (
    Duration,
    TrainerConfig,
    prepare_training_environment,
    teardown_training_environment,
)
from olmo_core.train.callbacks import CheckpointerCallback, LMEvaluatorCallbackConfig, MetricSaverCallback
from olmo_core.train.train_module import TransformerDataParallelConfig, TransformerTrainModuleConfig
from olmo_core.utils import seed_all

SEQUENCE = 2048
BATCH = 256 * SEQUENCE  # tokens a step
EVALUATIONS = 8


def files(domain, split):
    return sorted(glob.glob(os.path.join(os.environ["DATA"], domain, split, "*.npy")))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mixture", required=True)
    parser.add_argument("--tokens", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--task", required=True)
    args = parser.parse_args()
    with open(args.mixture) as file:
        shares = json.load(file)["mixture"]
    # Whole intervals, so that the end is evaluated too.
    interval = max(2, round(args.tokens / BATCH / EVALUATIONS))
    steps = interval * EVALUATIONS
    work_dir = os.path.join(args.task, "work")
    tokenizer = TokenizerConfig.dolma2()

    sources = [
        SourceMixtureConfig(
            source_name=domain,
            target_ratio=share,
            paths=files(domain, "train"),
            max_repetition_ratio=100.0,  # bimix keeps the epochs; a proxy may be short of tokens all the same
        )
        for domain, share in shares.items()
        if share > 0
    ]
    mixture = SourceMixtureDatasetConfig(
        source_list=SourceMixtureList(sources=sources),
        requested_tokens=steps * BATCH,
        global_batch_size=BATCH,
    )
    dataset = NumpyFSLDatasetConfig.from_src_mix(
        mixture, tokenizer=tokenizer, sequence_length=SEQUENCE, work_dir=work_dir
    )
    held_out = [(path, domain) for domain in shares for path in files(domain, "validation")]
    validation = NumpyPaddedFSLDatasetConfig(
        paths=[path for path, _ in held_out],
        metadata=[{"label": domain} for _, domain in held_out],
        sequence_length=SEQUENCE,
        tokenizer=tokenizer,
        work_dir=work_dir,
    )
    model = TransformerConfig.olmo2_190M(vocab_size=tokenizer.padded_vocab_size())
    train_module = TransformerTrainModuleConfig(
        rank_microbatch_size=8 * SEQUENCE,
        max_sequence_length=SEQUENCE,
        optim=AdamWConfig(lr=1e-3),
        compile_model=True,
        dp_config=TransformerDataParallelConfig(
            name=DataParallelType.fsdp, param_dtype=DType.bfloat16, reduce_dtype=DType.float32
        ),
        max_grad_norm=1.0,
        scheduler=CosWithWarmup(warmup_steps=100),
    )
    trainer = (
        TrainerConfig(
            # Of the task, not of the attempt: a run that was stopped goes on from its last checkpoint.
            save_folder=os.path.join(args.task, "save"),
            save_overwrite=True,
            max_duration=Duration.steps(steps),
            metrics_collect_interval=1,
        )
        .with_callback("checkpointer", CheckpointerCallback(save_interval=interval))
        # A whole pass: an evaluation that is cut short leaves the domains that it did not reach without a loss.
        .with_callback(
            "lm_evaluator",
            LMEvaluatorCallbackConfig(
                eval_dataset=validation, eval_interval=interval, eval_duration=Duration.epochs(1)
            ),
        )
        .with_callback(
            "metrics",
            MetricSaverCallback(
                save_interval=interval, metrics_to_capture=["eval/lm/*", "throughput/total tokens"]
            ),
        )
    )

    prepare_training_environment()
    seed_all(args.seed)
    module = train_module.build(model.build(init_device="meta"))
    loader = NumpyDataLoaderConfig(global_batch_size=BATCH, seed=args.seed, num_workers=4)
    training = trainer.build(module, loader.build(dataset.build(), dp_process_group=module.dp_process_group))
    training.maybe_load_checkpoint()
    training.fit()
    teardown_training_environment()


if __name__ == "__main__":
    main()
