import { describe, expect, test } from 'vitest';
import { type BytesPerToken, evaluationUnits } from './loss-unit.ts';

const unitsOf = (
  lossUnit: 'nats' | 'bits' | 'perplexity' | 'bpb',
  bytesPerToken?: BytesPerToken,
  metrics: Record<string, 'bpb' | 'accuracy'> = {},
) => evaluationUnits({ evaluationDomains: ['web', 'code'], lossUnit, metrics }, bytesPerToken);

describe('losses in other units', () => {
  test('become nats per token', () => {
    expect(unitsOf('nats').units[0].toNats(2.5)).toBe(2.5);
    expect(unitsOf('bits').units[0].toNats(2)).toBeCloseTo(2 * Math.LN2, 15);
    expect(unitsOf('perplexity').units[0].toNats(Math.exp(2.5))).toBeCloseTo(2.5, 14);
  });
});

describe('bits per byte', () => {
  test('are a unit of their own, by the unit of the import or the domain, and the table says so', () => {
    const { units, findings } = unitsOf('bpb');
    expect(units.map(({ metric, toNats }) => [metric, toNats(0.8)])).toEqual([
      ['bpb', 0.8],
      ['bpb', 0.8],
    ]);
    expect(findings).toMatchObject([{ code: 'bits-per-byte', count: 2 }]);
    expect(unitsOf('nats', undefined, { code: 'bpb' }).units.map(({ metric }) => metric)).toEqual([undefined, 'bpb']);
  });

  test('become nats per token with bytes per token: bits per byte x bytes per token x ln 2', () => {
    const { units, findings } = unitsOf('bpb', 4);
    expect(units.map(({ metric, toNats }) => [metric, toNats(0.5)])).toEqual([
      [undefined, 2 * Math.LN2],
      [undefined, 2 * Math.LN2],
    ]);
    expect(findings).toEqual([]);
  });

  test('become nats where the domain has bytes per token, and stay where it has none', () => {
    const { units } = unitsOf('nats', { web: 4 }, { web: 'bpb', code: 'bpb' });
    expect(units.map(({ metric, toNats }) => [metric, toNats(0.5)])).toEqual([
      [undefined, 2 * Math.LN2],
      ['bpb', 0.5],
    ]);
  });

  test('refuse bytes per token that are not positive, or of a domain that is not there', () => {
    expect(() => unitsOf('bpb', { web: 0 })).toThrow(expect.objectContaining({ code: 'invalid-bytes-per-token' }));
    expect(() => unitsOf('bpb', { wbe: 4, code: 3 })).toThrow(
      expect.objectContaining({ code: 'unknown-domain', hint: expect.stringContaining('web') }),
    );
  });

  test('leave accuracies as they are', () => {
    expect(unitsOf('bpb', 4, { code: 'accuracy' }).units[1]).toMatchObject({ metric: 'accuracy' });
  });
});
