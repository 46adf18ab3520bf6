/** What loggers and people call the columns that say how far training was; likeliest first, slashes may be dots. */

/** Counts of training tokens. */
export const TOKEN_NAMES: readonly string[] = [
  'throughput/total_tokens',
  'throughput/total tokens',
  'train/num_input_tokens_seen',
  'train/tokens',
  'train/total_tokens',
  'trainer/tokens',
  'time/token',
  'optim/total_tokens',
  'total_tokens',
  'tokens_seen',
  'train_tokens',
  'training_tokens',
  'trained_tokens',
  'tokens_trained',
  'consumed_tokens',
  'num_tokens',
  'n_tokens',
  'tokens',
];

/** Steps of the optimizer, before W&B's own, which counts calls of log. */
export const STEP_NAMES: readonly string[] = [
  'train/global_step',
  'trainer/global_step',
  'global_step',
  'step',
  'steps',
  'train_step',
  'train_steps',
  'training_step',
  'training_steps',
  'iteration',
  'iter',
  '_step',
];
