import { describe, expect, test } from 'vitest';
import { natsConverters } from './loss-unit.ts';

describe('losses in other units', () => {
  test('become nats per token', () => {
    expect(natsConverters('nats', ['a'])[0](2.5)).toBe(2.5);
    // python: 3.2 * math.log(2)
    expect(natsConverters('bits', ['a'])[0](3.2)).toBeCloseTo(2.218070977791825, 14);
    // python: math.log(12.5)
    expect(natsConverters('perplexity', ['a'])[0](12.5)).toBeCloseTo(2.5257286443082556, 14);
    // python: 0.85 * 4.2 * math.log(2)
    expect(natsConverters('bpb', ['a'], 4.2)[0](0.85)).toBeCloseTo(2.4745354345990047, 14);
  });

  test('in bits per byte take bytes per token by domain', () => {
    const [web, code] = natsConverters('bpb', ['web', 'code'], { web: 4, code: 2 });
    expect(web(1)).toBeCloseTo(4 * Math.LN2, 14);
    expect(code(1)).toBeCloseTo(2 * Math.LN2, 14);
  });

  test('in bits per byte are refused without bytes per token, saying which way out', () => {
    for (const bytes of [undefined, { web: 4 }]) {
      expect(() => natsConverters('bpb', ['code'], bytes)).toThrow(
        expect.objectContaining({
          code: 'missing-bytes-per-token',
          message: expect.stringMatching(/"code"/),
          hint: expect.stringMatching(/--bytes-per-token/),
        }),
      );
    }
    expect(() => natsConverters('bpb', ['code'], 0)).toThrow(/^invalid bytes per token of "code": 0/);
  });
});
