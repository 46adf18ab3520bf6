import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { tokenBatch } from '../../test/token-batches.ts';
import { BimixError } from '../errors/index.ts';
import { createEngine, type EngineOptions, type ModelShape, type Optimizer, type TokenBatch } from './index.ts';

const OPTIMIZER: Optimizer = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clip: 1 };
const SMALL: ModelShape = { vocabulary: 61, context: 24, width: 32, layers: 2, heads: 4 };
const OPTIONS: EngineOptions = { shape: SMALL, optimizer: OPTIMIZER, sequences: 10, seed: 3 };

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function train(options: EngineOptions, steps: number, batchOf: (step: number) => TokenBatch) {
  const engine = await createEngine(options);
  const results = [];
  for (let step = 0; step < steps; step++) results.push(await engine.step(batchOf(step), 1e-3));
  return { engine, results };
}

const batchOf = (step: number) => tokenBatch(SMALL, 10, step);

async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof BimixError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

test('a fresh model knows nothing: its loss is the logarithm of the vocabulary', async () => {
  const { engine, results } = await train(OPTIONS, 1, batchOf);
  expect(Math.abs(results[0].loss - Math.log(61))).toBeLessThan(0.1);
  await engine.close();
});

test('one layer learns one batch by heart', async () => {
  const shape: ModelShape = { vocabulary: 32, context: 16, width: 64, layers: 1, heads: 4 };
  const batch = tokenBatch(shape, 4, 1);
  const options = { shape, optimizer: { ...OPTIMIZER, weightDecay: 0 }, sequences: 4, seed: 1 };
  const engine = await createEngine(options);
  let loss = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 300 && loss >= 0.05; step++) ({ loss } = await engine.step(batch, 3e-3));
  expect(loss).toBeLessThan(0.05);
  await engine.close();
});

test('one, two, three and five threads give the same losses, evaluations and bytes', async () => {
  const held = tokenBatch(SMALL, 37, 99);
  const outcomes = [];
  for (const threads of [1, 2, 3, 5]) {
    const { engine, results } = await train({ ...OPTIONS, threads }, 6, batchOf);
    outcomes.push({ results, evaluated: await engine.evaluate(held), saved: digest(engine.save()) });
    await engine.close();
  }
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
});

test('the bytes of a fixed seed are the same on any machine', async () => {
  const shape: ModelShape = { vocabulary: 256, context: 64, width: 64, layers: 2, heads: 4 };
  const options = { shape, optimizer: OPTIMIZER, sequences: 8, seed: 2026, threads: 2 };
  // Whole-number arithmetic alone, so that the batches are the same everywhere as well.
  const { engine, results } = await train(options, 12, step => ({
    sequences: 8,
    inputs: Uint16Array.from({ length: 512 }, (_, i) => (i * i + 31 * step * i + step) % 256),
    targets: Uint16Array.from({ length: 512 }, (_, i) => ((i + 1) * (i + 1) + 31 * step * (i + 1) + step) % 256),
  }));
  expect(results.at(-1)).toEqual({ loss: 5.370205874754856, gradientNorm: 0.5549035727313338 });
  expect(digest(engine.save())).toBe('1270ff99253037cb11b92836be27b704bbf906ceb5c68adec7dfd009b276fec1');
  await engine.close();
});

test('loaded, it goes on to the bit', async () => {
  const { engine: whole } = await train(OPTIONS, 3, batchOf);
  const resumed = await createEngine({ ...OPTIONS, seed: 4, threads: 2 });
  resumed.load(whole.save());
  for (let step = 3; step < 6; step++) {
    expect(await resumed.step(batchOf(step), 1e-3)).toEqual(await whole.step(batchOf(step), 1e-3));
  }
  expect(digest(resumed.save())).toBe(digest(whole.save()));
  await whole.close();
  await resumed.close();
});

test('an evaluation changes nothing and does not depend on which sequences go together', async () => {
  const { engine } = await train(OPTIONS, 2, batchOf);
  const before = digest(engine.save());
  const held = tokenBatch(SMALL, 200, 7);
  const together = await engine.evaluate(held);
  for (const s of [0, 1, 107, 199]) {
    const one = {
      sequences: 1,
      inputs: held.inputs.subarray(s * 24, (s + 1) * 24),
      targets: held.targets.subarray(s * 24, (s + 1) * 24),
    };
    expect((await engine.evaluate(one))[0]).toBe(together[s]);
  }
  expect(digest(engine.save())).toBe(before);
  await engine.close();
});

test('the loss of a step is that of its batch before the step', async () => {
  const engine = await createEngine(OPTIONS);
  const evaluated = await engine.evaluate(batchOf(0));
  const { loss } = await engine.step(batchOf(0), 1e-3);
  expect(loss).toBe(evaluated.reduce((a, b) => a + b, 0) / 240);
  await engine.close();
});

test('seeds differ', async () => {
  const first = await createEngine(OPTIONS);
  const second = await createEngine({ ...OPTIONS, seed: 4 });
  expect(digest(first.save())).not.toBe(digest(second.save()));
  await first.close();
  await second.close();
});

test('the number of parameters is that of GPT-2 with a tied head', async () => {
  const shape: ModelShape = { vocabulary: 256, context: 128, width: 128, layers: 5, heads: 4 };
  const engine = await createEngine({ ...OPTIONS, shape });
  expect(engine.parameters).toBe(1_040_768);
  await engine.close();
});

test('the event loop turns between steps', async () => {
  const engine = await createEngine({ ...OPTIONS, threads: 2 });
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  for (let step = 0; step < 50; step++) await engine.step(batchOf(step), 1e-3);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
  await engine.close();
});

describe('refused', () => {
  test.each<[string, Partial<EngineOptions>]>([
    ['invalid-shape: invalid shape: width is 30, expected a multiple of 8', { shape: { ...SMALL, width: 30 } }],
    [
      'invalid-shape: invalid shape: width is 32, expected a multiple of its 5 heads',
      { shape: { ...SMALL, heads: 5 } },
    ],
    [
      'invalid-shape: invalid shape: vocabulary is 65536, expected 1 to 65535',
      { shape: { ...SMALL, vocabulary: 65536 } },
    ],
    ['invalid-shape: invalid shape: layers is 0, expected 1 to 256', { shape: { ...SMALL, layers: 0 } }],
    [
      'invalid-optimizer: invalid optimizer: beta2 is 1, expected from 0 to below 1',
      { optimizer: { ...OPTIMIZER, beta2: 1 } },
    ],
    ['invalid-optimizer: invalid optimizer: clip is 0, expected above 0', { optimizer: { ...OPTIMIZER, clip: 0 } }],
    ['invalid-engine: invalid engine: threads is 1.5, expected 1 to 256', { threads: 1.5 }],
    ['invalid-engine: invalid engine: seed is -1, expected a whole number from 0 on', { seed: -1 }],
    ['invalid-engine: invalid engine: sequences is 0, expected 1 to 1048576', { sequences: 0 }],
  ])('%s', async (message, options) => {
    expect(await codeOf(() => createEngine({ ...OPTIONS, ...options }))).toBe(message);
  });

  test('a model that needs more than 4 GB, with what it needs', async () => {
    const shape = { ...SMALL, width: 4096, layers: 24 };
    expect(await codeOf(() => createEngine({ ...OPTIONS, shape }))).toMatch(
      /^invalid-shape: .* takes \d+\.\d GB, more than the 4 GB/,
    );
  });

  test('batches of another size or with ids beyond the vocabulary', async () => {
    const engine = await createEngine(OPTIONS);
    const before = digest(engine.save());
    const batch = batchOf(0);
    const cut = { ...batch, targets: batch.targets.subarray(1) };
    const beyond = { ...batch, inputs: batch.inputs.with(5, 61) };
    expect(await codeOf(() => engine.step(tokenBatch(SMALL, 9, 0), 1e-3))).toBe(
      'invalid-batch: invalid batch: sequences is 9, expected 10, what the engine was made for',
    );
    expect(await codeOf(() => engine.step(cut, 1e-3))).toMatch('number of targets is 239, expected 240');
    expect(await codeOf(() => engine.evaluate(beyond))).toMatch("id is 61, expected below the vocabulary's 61");
    expect(await codeOf(() => engine.step(batch, Number.NaN))).toMatch('learning rate is NaN');
    expect(digest(engine.save())).toBe(before);
    await engine.close();
  });

  test('checkpoints of another shape, cut short, damaged or not one at all', async () => {
    const engine = await createEngine(OPTIONS);
    const saved = engine.save();
    const load = (bytes: Uint8Array) => codeOf(() => engine.load(bytes));
    const other = await createEngine({ ...OPTIONS, shape: { ...SMALL, heads: 2 } });
    expect(await load(other.save())).toMatch(/^invalid-checkpoint: .*heads 2; the model has .*heads 4/);
    expect(await load(saved.subarray(0, saved.length - 4))).toMatch(/^invalid-checkpoint: .* bytes, expected /);
    expect(await load(saved.with(1000, saved[1000] ^ 1))).toMatch('do not match their checksum');
    expect(await load(saved.with(8, 9))).toMatch('version 9, expected 1');
    expect(await load(new Uint8Array(3))).toMatch('not a training checkpoint');
    expect(digest(engine.save())).toBe(digest(saved));
    await other.close();
    await engine.close();
  });
});
