import { describe, expect, test } from 'vitest';
import { assembleRuns } from './assemble.ts';
import type { DraftRow, Finding } from './draft.ts';

/** Findings of rows of [run, mixture, step, losses]. */
function findingsOf(
  rows: readonly [string, number[], number, number[]][],
  evaluationDomains: readonly string[] = ['web', 'code'],
): Record<string, Finding> {
  const draft = {
    format: 'test',
    trainingDomains: ['web', 'code', 'books'],
    evaluationDomains,
    volumeUnit: 'steps',
    lossUnit: 'nats',
    rows: rows.map(([run, mixture, volume, losses]): DraftRow => ({ run, mixture, volume, losses, where: {} })),
    findings: [],
  } as const;
  const { findings } = assembleRuns(draft, { provenance: { format: 'test', inputs: [], version: '0' } });
  return Object.fromEntries(findings.map(finding => [finding.code, finding]));
}

describe('a table is inspected for', () => {
  test('losses that rise at the end by more than half a per cent of the mean over targets', () => {
    const { 'rising-losses': rising } = findingsOf([
      ['up', [0.5, 0.3, 0.2], 1, [4, 3]],
      ['up', [0.5, 0.3, 0.2], 2, [3, 2]],
      ['up', [0.5, 0.3, 0.2], 3, [3.1, 2]],
      ['wobbles', [0.5, 0.2, 0.3], 1, [3, 2]],
      ['wobbles', [0.5, 0.2, 0.3], 2, [3.02, 2]],
      ['one target', [0.4, 0.2, 0.4], 1, [3, 2]],
      ['one target', [0.4, 0.2, 0.4], 2, [3.1, 1.5]],
      ['unknown end', [0.3, 0.2, 0.5], 1, [3, 2]],
      ['unknown end', [0.3, 0.2, 0.5], 2, [9, Number.NaN]],
    ]);
    expect(rising).toMatchObject({
      kind: 'suspicion',
      count: 1,
      items: ['up: ends at 2.5500, was 2.5000 at step 2'],
    });
  });

  test('shares that never vary', () => {
    const { 'constant-share': constant } = findingsOf([
      ['a', [0.5, 0.3, 0.2], 1, [4, 3]],
      ['b', [0.4, 0.4, 0.2], 1, [4, 3]],
    ]);
    expect(constant).toMatchObject({ kind: 'suspicion', count: 1, items: ['books: 0.2 in every run'] });
  });

  test('runs with one checkpoint, zero shares, and mixtures that several runs have', () => {
    const found = findingsOf([
      ['a', [0.5, 0.5, 0], 1, [4, 3]],
      ['a', [0.5, 0.5, 0], 2, [3, 2]],
      ['b', [0.5, 0.5, 0], 1, [4, 3]],
      ['c', [0, 0.5, 0.5], 1, [4, 3]],
    ]);
    expect(found['single-checkpoint']).toMatchObject({ kind: 'note', items: ['b', 'c'] });
    expect(found['zero-share']).toMatchObject({ kind: 'note', items: ['web: 1 of 3 runs', 'books: 2 of 3 runs'] });
    expect(found.replicates).toMatchObject({ kind: 'note', count: 1, items: ['a, b'] });
  });

  test('domains without a counterpart on the other side', () => {
    const found = findingsOf([['a', [0.5, 0.3, 0.2], 1, [4, 3]]], ['web', 'news']);
    expect(found['unmapped-evaluation-domain']).toMatchObject({ count: 1, items: ['news'] });
    expect(found['unmeasured-training-domain']).toMatchObject({ count: 2, items: ['code', 'books'] });
  });

  test('nothing, when there is nothing', () => {
    const found = findingsOf(
      [
        ['a', [0.5, 0.3, 0.2], 1, [4, 3, 3]],
        ['a', [0.5, 0.3, 0.2], 2, [3, 3, 3]],
        ['b', [0.3, 0.5, 0.2], 1, [4, 3, 3]],
        ['b', [0.3, 0.5, 0.2], 2, [3, 3, 3]],
        ['c', [0.3, 0.3, 0.4], 1, [4, 3, 3]],
        ['c', [0.3, 0.3, 0.4], 2, [3, 3, 3]],
      ],
      ['web', 'code', 'books'],
    );
    expect(found).toEqual({});
  });
});
