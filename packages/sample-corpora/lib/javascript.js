import { packageFiles } from './packages.js';

const PACKAGE = 'codemirror';

/** @type {import('../index.js').SampleDomain} */
export const javascript = {
  name: 'javascript',
  title: 'JavaScript source of the CodeMirror 5 editor',
  packages: [PACKAGE],
  licence: 'MIT',
  licenceText: 'LICENSE in the package',
  extract: 'one document a file of src, addon, mode and keymap',
  async *documents() {
    yield* packageFiles(PACKAGE, '', /^(src|addon|mode|keymap)\/.*\.js$/);
  },
};
