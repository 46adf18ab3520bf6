import { readPackageFile } from './packages.js';

const PACKAGE = 'brython';

/** @type {import('../index.js').SampleDomain} */
export const python = {
  name: 'python',
  title: "Python's standard library, without its comments and most of its doc strings",
  packages: [PACKAGE],
  licence: 'PSF-2.0',
  licenceText: "https://docs.python.org/3/license.html; Brython's own modules are BSD-3-Clause (package.json)",
  extract: 'one document a module of brython_stdlib.js',
  async *documents() {
    const script = await readPackageFile(PACKAGE, 'brython_stdlib.js');
    const json = script.slice(script.indexOf('{', script.indexOf('var scripts')), script.lastIndexOf('}') + 1);
    // Its time is beside the modules.
    const { $timestamp: _, ...modules } = JSON.parse(json);
    for (const id of Object.keys(modules).sort()) {
      const [extension, source] = modules[id];
      // Comments and most doc strings were blanked out, their lines left.
      if (extension === '.py') yield { id, text: source.replace(/^[ \t]*\n/gm, '') };
    }
  },
};
