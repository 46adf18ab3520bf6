import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normals } from '../../test/normals.ts';
import { gelu, geluSlope } from '../../test/reference-model.ts';
import { startKernels } from './kernels.ts';

const memory = new WebAssembly.Memory({ initial: 256, maximum: 256, shared: true });
const kernels = startKernels(memory);
/** Beyond the memory map and the scratch for products. */
const FREE = 1 << 20;

const float = (min: number, max: number) =>
  fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true, noDefaultInfinity: true });

function relative(found: number, expected: number): number {
  return Math.abs(found / expected - 1);
}

test('exp agrees with float64 to 2e-7 over its whole range', () => {
  fc.assert(
    fc.property(float(-87, 88), x => relative(kernels.exp(x), Math.exp(x)) < 2e-7),
    { numRuns: 20_000 },
  );
});

test('exp at its ends: exact at 0, 0 below, bounded above, NaN stays', () => {
  expect(kernels.exp(0)).toBe(1);
  expect(kernels.exp(-87.5)).toBe(0);
  expect(kernels.exp(Number.NEGATIVE_INFINITY)).toBe(0);
  expect(kernels.exp(1e30)).toBe(kernels.exp(88));
  expect(kernels.exp(Number.NaN)).toBeNaN();
});

test('log agrees with float64 to 1e-15 of the larger of 1 and its value', () => {
  const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
  const close = (x: number) => Math.abs(kernels.log(x) - Math.log(x)) <= 1e-15 * Math.max(1, Math.abs(Math.log(x)));
  fc.assert(fc.property(positive, close), { numRuns: 20_000 });
  fc.assert(fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), close), { numRuns: 20_000 });
  expect(kernels.log(1)).toBe(0);
});

test('GELU and its slope agree with float64', () => {
  const x = new Float32Array(memory.buffer, FREE, 4);
  const y = new Float32Array(memory.buffer, FREE + 64, 4);
  fc.assert(
    fc.property(fc.array(float(-30, 30), { minLength: 4, maxLength: 4 }), values => {
      x.set(values);
      kernels.gelu(4, x.byteOffset, y.byteOffset);
      values.forEach((value, i) => {
        expect(Math.abs(y[i] - gelu(value))).toBeLessThan(4e-7 * Math.max(1, Math.abs(value)));
        expect(Math.abs(x[i] - geluSlope(value))).toBeLessThan(2e-6);
      });
    }),
    { numRuns: 5000 },
  );
});

test('normal draws have the moments of a normal distribution, and every seed its own', () => {
  const count = 200_000;
  const draws = new Float32Array(memory.buffer, FREE, count);
  kernels.seedDraws(5n);
  kernels.fillNormal(FREE, count, 2);
  const moment = (power: number) => draws.reduce((sum, value) => sum + (value / 2) ** power, 0) / count;
  expect(Math.abs(moment(1))).toBeLessThan(0.01);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
  expect(Math.abs(moment(3))).toBeLessThan(0.04);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
  const neighbours = draws.reduce((sum, value, i) => sum + (i === 0 ? 0 : (value * draws[i - 1]) / 4), 0) / count;
  expect(Math.abs(neighbours)).toBeLessThan(0.01);
  const first = draws[0];
  kernels.seedDraws(6n);
  kernels.fillNormal(FREE, 1, 2);
  expect(draws[0]).not.toBe(first);
});

test('products of any size, transposed or not, added or not, with bias or not, agree with float64', () => {
  kernels.setMultiplyScratch(4096);
  expect(4096 + kernels.MULTIPLY_SCRATCH.value).toBeLessThan(FREE);
  const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(120, 121, 256, 257, 300, 520));
  const flags = fc.record({ left: fc.boolean(), right: fc.boolean(), add: fc.boolean(), bias: fc.boolean() });
  fc.assert(
    fc.property(size, size, size, flags, fc.integer(), (m, n, k, { left, right, add, bias }, seed) => {
      const draw = normals(seed);
      const place = (floats: number, at: number) => {
        const values = new Float32Array(memory.buffer, FREE + at * (3 << 20), floats);
        for (let i = 0; i < floats; i++) values[i] = draw();
        return values;
      };
      const a = place(m * k, 0);
      const b = place(k * n, 1);
      const shift = place(n, 2);
      // Rows of C are farther apart than they are long; what is between must stay.
      const stride = n + 3;
      const c = place(m * stride, 3);
      const before = Float64Array.from(c);
      kernels.multiply(
        ...([m, n, k, a.byteOffset, left ? 1 : k, left ? m : 1, b.byteOffset, right ? 1 : n, right ? k : 1] as const),
        ...([c.byteOffset, stride, add, bias ? shift.byteOffset : 0] as const),
      );
      let worst = 0;
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < stride; j++) {
          let expected = before[i * stride + j];
          if (j < n) {
            expected = (add ? expected : 0) + (bias ? shift[j] : 0);
            for (let p = 0; p < k; p++) expected += a[left ? p * m + i : i * k + p] * b[right ? j * k + p : p * n + j];
          }
          worst = Math.max(worst, Math.abs(c[i * stride + j] - expected));
        }
      }
      expect(worst).toBeLessThan(1e-5 * Math.sqrt(k) * 4);
    }),
    { numRuns: 60 },
  );
});
