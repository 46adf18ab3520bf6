import { defineConfig } from 'vitest/config';

/** Tests that start whole processes, train, or run every command of a page: minutes, at the end of a day's work. */
const SLOW = ['quickstart-cli', 'readme', 'slurm', 'run-slurm', 'run-cli', 'experiment', 'examples', 'benchmark'].map(
  name => `test/${name}.test.ts`,
);

const CLI = [
  'test/*-cli.test.ts',
  'test/cli.test.ts',
  'test/train-process.test.ts',
  'test/law-module.test.ts',
  'test/fuzz/*.test.ts',
];

export default defineConfig({
  test: {
    // Colours would stand between the words that tests look for; they are on wherever CI is set.
    env: { NO_COLOR: '1' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ['test/fresh-build.ts'],
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['src/**/*.test.ts', 'test/**/*.test.ts'], exclude: [...CLI, ...SLOW] },
      },
      { extends: true, test: { name: 'cli', include: CLI, exclude: SLOW } },
      { extends: true, test: { name: 'slow', include: SLOW } },
    ],
  },
});
