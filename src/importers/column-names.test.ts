import { describe, expect, test } from 'vitest';
import { readColumnName } from './column-names.ts';

describe('the name of a column', () => {
  test.each([
    ['weight web', 'share', 'web'],
    ['web %', 'share', 'web'],
    ['% web', 'share', 'web'],
    ['web (%)', 'share', 'web'],
    ['w_web', 'share', 'web'],
    ['Share of Stack-Exchange (%)', 'share', 'Stack-Exchange'],
    ['web_pct', 'share', 'web'],
    ['web.weight', 'share', 'web'],
    ['web val loss', 'loss', 'web'],
    ['loss web', 'loss', 'web'],
    ['Loss (web)', 'loss', 'web'],
    ['val_loss_web', 'loss', 'web'],
    ['web_ce', 'loss', 'web'],
    ['eval/wiki_en/ce_loss', 'loss', 'wiki_en'],
    ['stack-exchange Loss', 'loss', 'stack-exchange'],
    ['web_bpb', 'bpb', 'web'],
    ['bpb/web', 'bpb', 'web'],
    ['web bits per byte', 'bpb', 'web'],
    ['pile_github/bits_per_byte', 'bpb', 'pile_github'],
    ['hellaswag_acc', 'accuracy', 'hellaswag'],
    ['hellaswag_acc_norm', 'accuracy', 'hellaswag'],
    ['arc_easy error rate', 'error', 'arc_easy'],
    ['web_ppl', 'perplexity', 'web'],
    ['webLoss', 'loss', 'web'],
    ['Code (GitHub) (%)', 'share', 'Code (GitHub)'],
    ['Code (GitHub) Loss', 'loss', 'Code (GitHub)'],
    ['(GitHub) code %', 'share', '(GitHub) code'],
    ['data.mix.web', 'share', 'web'],
    ['config/data/weights/web', 'share', 'web'],
    ['weightStackExchange', 'share', 'StackExchange'],
    ['metrics/eval/web/LanguageCrossEntropy', 'loss', 'metrics/eval/web'],
  ])('"%s" is the %s of %s', (name, kind, domain) => {
    expect(readColumnName(name)).toMatchObject({ kind, domain });
  });

  test.each([
    'step',
    'val loss',
    'eval/loss',
    'train/web/loss',
    'train_loss',
    'avg_loss',
    'weight_decay',
    'mix_id',
    'lr',
  ])('"%s" says nothing of a domain', name => {
    expect(readColumnName(name)).toBeUndefined();
  });
});
