// Writes the files of a folder over and over by every writer there is, and says after each version that it stands.

import { writeSync } from 'node:fs';
import path from 'node:path';

const [dist, folder] = process.argv.slice(2);
const load = name => import(path.join(dist, name));
const { temporaryBeside, writeWholeFile } = await load('files/index.js');
const { replaceFile } = await load('cluster/shared-file.js');
const { writeCheckpoint } = await load('proxies/checkpoint.js');
const { CountsFileWriter } = await load('counting/counts-file.js');

const LINES = 400;

function* linesOf(version) {
  for (let line = 0; line < LINES; line++) yield `${version} ${line} ${'x'.repeat(2000)}\n`;
}

function writeCounts(version) {
  const file = path.join(folder, 'counts');
  const unigrams = new Float64Array(20_000).fill(version + 1);
  const header = { vocabulary: unigrams.length, groups: 1, version };
  const writer = new CountsFileWriter(temporaryBeside(file), header, unigrams);
  writer.finish(file);
}

const WRITERS = {
  runs: version => writeWholeFile(path.join(folder, 'runs'), linesOf(version)),
  state: version => replaceFile(path.join(folder, 'state'), [...linesOf(version)].join('')),
  'checkpoint.bin': version =>
    writeCheckpoint(folder, 'run', { position: { step: version }, state: new Uint8Array(2_000_000).fill(version) }),
  counts: writeCounts,
};

for (let version = 0; ; version++) {
  for (const [name, write] of Object.entries(WRITERS)) {
    await write(version);
    writeSync(1, `${name} ${version}\n`);
  }
}
