import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Colours would stand between the words that tests look for; they are on wherever CI is set.
    env: { NO_COLOR: '1' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
