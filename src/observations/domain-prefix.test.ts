import { describe, expect, test } from 'vitest';
import { domainsWithoutPrefix, sharedPrefix } from './domain-prefix.ts';
import type { Draft } from './draft.ts';

const draftOf = (trainingDomains: string[], evaluationDomains: string[], changes: Partial<Draft> = {}): Draft => ({
  format: 'test',
  trainingDomains,
  evaluationDomains,
  volumeUnit: 'none',
  lossUnit: 'nats',
  rows: [],
  findings: [],
  ...changes,
});

describe('a prefix that all domains share', () => {
  test.each([
    [['train_slimpajama_arxiv', 'train_slimpajama_book'], 'train_slimpajama_'],
    [['task_sciq', 'task_piqa'], 'task_'],
    [['eval/web', 'eval/code'], 'eval/'],
    [['web', 'website'], ''],
    [['arc_easy', 'arc_challenge'], 'arc_'],
    [['a_web', 'b_web'], ''],
    [['domain_0', 'domain_1'], ''],
    [['task_', 'task_a'], ''],
    [['task_web'], ''],
    [['hellaswag/acc', 'hellaswag/acc_norm'], ''],
    [['x_y_a', 'x_y_1b'], 'x_'],
  ])('of %j is "%s"', (names, prefix) => {
    expect(sharedPrefix(names)).toBe(prefix);
  });

  test('is dropped on either side, and said', () => {
    const { draft, findings } = domainsWithoutPrefix(
      draftOf(['train_web', 'train_code'], ['task_sciq', 'task_piqa']),
      {},
    );
    expect(draft).toMatchObject({ trainingDomains: ['web', 'code'], evaluationDomains: ['sciq', 'piqa'] });
    expect(findings.map(({ message }) => message)).toEqual([
      'prefix "train_" of all 2 training domains dropped',
      'prefix "task_" of all 2 evaluation domains dropped',
    ]);
  });

  test('stays where an evaluation domain would lose its training domain', () => {
    const { draft } = domainsWithoutPrefix(draftOf(['wiki_en', 'wiki_de', 'web'], ['wiki_en', 'wiki_de']), {});
    expect(draft.evaluationDomains).toEqual(['wiki_en', 'wiki_de']);
    const both = domainsWithoutPrefix(draftOf(['wiki_en', 'wiki_de'], ['wiki_en', 'wiki_de']), {});
    expect(both.draft).toMatchObject({ trainingDomains: ['en', 'de'], evaluationDomains: ['en', 'de'] });
  });

  test('stays where the draft keeps its names', () => {
    const draft = draftOf(['train_web', 'train_code'], ['task_a', 'task_b'], { keepsNames: true });
    expect(domainsWithoutPrefix(draft, {}).draft).toBe(draft);
  });

  test('may be in what the user says of domains, or not', () => {
    const draft = draftOf(['train_web', 'train_code'], ['task_sciq', 'task_piqa'], { metrics: { task_piqa: 'bpb' } });
    const named = domainsWithoutPrefix(draft, {
      mapping: { task_sciq: 'train_web', piqa: 'code' },
      bytesPerToken: { task_piqa: 4 },
    });
    expect(named.mapping).toEqual({ sciq: 'web', piqa: 'code' });
    expect(named.bytesPerToken).toEqual({ piqa: 4 });
    expect(named.draft.metrics).toEqual({ piqa: 'bpb' });
  });
});
