import { expect, test } from 'vitest';
import { runsJsonSchema } from './runs-schema.ts';

test('schema/runs.schema.json is what the code says; vitest -u writes it anew', async () => {
  const text = `${JSON.stringify(runsJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../schema/runs.schema.json');
});
