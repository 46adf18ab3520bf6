import { packageFiles } from './packages.js';

const PACKAGE = 'bun-types';

/** @type {import('../index.js').SampleDomain} */
export const documentation = {
  name: 'documentation',
  title: 'Documentation of the Bun runtime, in Markdown',
  packages: [PACKAGE],
  licence: 'MIT',
  licenceText: 'package.json of the package',
  extract: 'one document a page',
  async *documents() {
    yield* packageFiles(PACKAGE, 'docs', /\.mdx?$/);
  },
};
