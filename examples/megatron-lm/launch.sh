#!/usr/bin/env bash
# One proxy run of Megatron-LM: launch.sh MIXTURE_FILE TOKENS SEED TASK
set -euo pipefail
mixture_file=$1 tokens=$2 seed=$3 task=$4

sequence=2048
batch=256
# Whole intervals, so that the end is evaluated too.
interval=$((tokens / (sequence * batch * 8)))
steps=$((interval * 8))

# The mixture file says "--data-path SHARE PREFIX SHARE PREFIX ...". With data of its own for validation it is --train-data-path.
read -r -a blend <<<"$(sed 's/^--data-path //' "$mixture_file")"

names=() prefixes=()
read -r -a validation <<<"$VALIDATION"
for ((i = 0; i < ${#validation[@]}; i += 2)); do
  names+=("${validation[i]}")
  prefixes+=("${validation[i + 1]}")
done

export CUDA_DEVICE_MAX_CONNECTIONS=1
torchrun --standalone --nproc_per_node "${GPUS:-8}" "$MEGATRON/pretrain_gpt.py" \
  --num-layers 12 --hidden-size 768 --num-attention-heads 12 \
  --seq-length "$sequence" --max-position-embeddings "$sequence" \
  --micro-batch-size 8 --global-batch-size "$batch" --train-iters "$steps" --seed "$seed" \
  --lr 6.0e-4 --min-lr 6.0e-5 --lr-decay-style cosine --lr-warmup-fraction 0.01 \
  --weight-decay 0.1 --adam-beta1 0.9 --adam-beta2 0.95 --clip-grad 1.0 --bf16 \
  --tokenizer-type HuggingFaceTokenizer --tokenizer-model "$TOKENIZER" \
  --train-data-path "${blend[@]}" \
  --valid-data-path "${prefixes[@]}" \
  --multiple-validation-sets --validation-set-names "${names[@]}" --full-validation \
  --eval-interval "$interval" --log-interval 100 \
  --save "$task/checkpoints" --load "$task/checkpoints" --save-interval "$interval" \
  2>&1 | tee -a "$task/train.log"
