import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mixtureOf, thetaWithin, units } from '../../test/shapes.ts';
import { bimixSkills } from './bimix-skills.ts';
import { bimixTransfer } from './bimix-transfer.ts';
import type { TargetShape } from './law.ts';

const shape: TargetShape = {
  domains: ['web', 'code', 'books'],
  own: 0,
  volumeVaries: true,
  shareVaries: true,
  sizeVaries: false,
};

function thetaOf(coefficients: Readonly<Record<string, number>>): Float64Array {
  return Float64Array.from(bimixSkills.parameters(shape), ({ name, scale }) =>
    scale === 'log' ? Math.log(coefficients[name]) : coefficients[name],
  );
}

test('is E + C1 e1^-alpha1 + e2^-alpha2 (C2 + B x^-beta)', () => {
  const theta = thetaOf({
    ...{ E: 0.5, C1: 1, alpha1: 0.5, C2: 2, alpha2: 1, B: 0.5, beta: 0.5, sigma: 0.5, rho: 0.5, tauMean: -2 },
    ...{ 't.code': 0.2, 't.books': 0.4, 'd.web': 0, 'd.code': Math.log(3), 'd.books': Math.log(0.5) },
  });
  // shares 0.49, 0.25, 0.26; x = 0.25: C2 + B x^-beta = 3
  const e1 = 0.7 + 0.2 * 0.5 + 0.4 * Math.sqrt(0.26);
  const e2 = 0.7 + 0.6 * 0.5 + 0.2 * Math.sqrt(0.26);
  const loss = bimixSkills.atVolume(shape, theta, 0.25, 1);
  expect(loss.value(Float64Array.of(0.49, 0.25, 0.26))).toBeCloseTo(0.5 + e1 ** -0.5 + 3 / e2, 7);
});

test('with equal skills is BiMix with transfer', () => {
  fc.assert(
    fc.property(mixtureOf(3), units, fc.double({ min: 0.05, max: 3, noNaN: true }), (r, at, x) => {
      const transfer = thetaWithin(bimixTransfer, shape, at);
      const of = (name: string): number =>
        transfer[bimixTransfer.parameters(shape).findIndex(parameter => parameter.name === name)];
      const theta = Float64Array.from(bimixSkills.parameters(shape), ({ name }) => {
        if (name.startsWith('d.')) return 0;
        if (name.startsWith('alpha')) return of('alpha');
        if (name === 'C1' || name === 'C2') return of('C') - Math.LN2;
        return of(name);
      });
      const shares = Float64Array.from(r);
      // C halved between the skills: E + e^-alpha (C/2 + C/2 + B x^-beta).
      const ours = bimixSkills.atVolume(shape, theta, x, 1).value(shares);
      expect(ours / bimixTransfer.atVolume(shape, transfer, x, 1).value(shares)).toBeCloseTo(1, 10);
    }),
  );
});
