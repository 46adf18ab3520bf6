import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compiledScript } from './compiled-script.ts';

describe('a script beside a module', () => {
  test('of the sources is that of the last build', () => {
    const script = compiledScript(pathToFileURL('/a b/src/counting/crew.ts').href, 'count-worker');
    expect(script).toBe(path.resolve('/a b/dist/counting/count-worker.js'));
  });

  test('of a build lies in the same folder', () => {
    const script = compiledScript(pathToFileURL('/bimix/dist/counting/crew.js').href, 'count-worker');
    expect(script).toBe(path.resolve('/bimix/dist/counting/count-worker.js'));
  });
});
