import { packageFiles } from './packages.js';

const PACKAGE = '@types/node';

/** @type {import('../index.js').SampleDomain} */
export const typescript = {
  name: 'typescript',
  title: 'TypeScript declarations of Node.js, with doc comments',
  packages: [PACKAGE],
  licence: 'MIT',
  licenceText: 'LICENSE in the package',
  extract: 'one document a .d.ts file',
  async *documents() {
    yield* packageFiles(PACKAGE, '', /\.d\.ts$/);
  },
};
