/**
 * The thread that reads mutated inputs, with the code of the last build, so that one that hangs can be stopped. Each message is
 * `{ target, paths }`; the answer says what was read: nothing wrong, a refusal, or what should not be.
 */

import { parentPort } from 'node:worker_threads';
import { readLaw } from '../../dist/cli/law-argument.js';
import { createTokenizer, openDocuments, readCorpus } from '../../dist/corpus/index.js';
import { readDomainCounts } from '../../dist/counting/index.js';
import { parseEntropyResults } from '../../dist/entropy/index.js';
import { BimixError } from '../../dist/errors/index.js';
import { readBounds, readInputFile, readMixtureFile } from '../../dist/files/index.js';
import { importRuns, readColumnMap, readRunLog, readRuns } from '../../dist/importers/index.js';
import { readPlan, readProject } from '../../dist/proxies/index.js';

/** What reads the inputs of each target; the value holds every number that was read. */
const READERS = {
  import: paths => importRuns(paths),
  runs: ([path]) => readRuns(path),
  'run-log': async ([path]) => ({ losses: await readRunLog(await readInputFile(path)) }),
  law: ([path]) => readLaw(path),
  mixture: ([path]) => readMixtureFile(path),
  bounds: ([path]) => readBounds(path),
  columns: ([path]) => readColumnMap(path),
  project: ([path]) => readProject(path),
  plan: ([path]) => readPlan(path),
  entropy: async ([path]) => parseEntropyResults((await readInputFile(path)).text(), path),
  corpus: async ([path]) => readCorpus(path),
  documents: ([path]) => readDocuments(path),
  tokenizer: ([path]) => tokenize(path),
  counts: async ([path]) => (await readDomainCounts(path)).header,
};

parentPort.on('message', async ({ target, paths }) => {
  parentPort.postMessage(await outcome(target, paths));
});

async function outcome(target, paths) {
  try {
    const value = await READERS[target](paths);
    const found = problemOf(value, target, new Set());
    return found === undefined
      ? { kind: 'read', findings: (value?.findings ?? []).map(({ code }) => code) }
      : { kind: 'problem', message: found };
  } catch (error) {
    if (error instanceof BimixError) return wordsOf(error);
    return { kind: 'problem', message: `no BimixError: ${error?.stack ?? error}` };
  }
}

/** What JSON.parse, zod, yaml, csv-parse and JavaScript itself say, who know nothing of the file. */
const WORDS_OF_LIBRARIES = new RegExp(
  [
    'Unexpected (?:token|end|non-whitespace|number|string)|in JSON at|double-quoted property|(?:Bad|Unterminated) \\w+ in',
    'expected \\w+, received|Invalid (?:input|option|key|string|record|tuple|discriminator)|Too (?:small|big)|Unrecognized key|✖',
    'must be unique|Implicit (?:map )?keys|Nested mappings|Flow (?:map|sequence)|[Uu]nresolved|Excessive alias|All collection items',
    'CSV_|Column Length|Quote Not Closed|Invalid (?:Opening|Closing) Quote|Record Length',
    'Maximum call stack|not iterable|not a function|properties of|\\[object |circular|array length|offset|out of (?:range|bounds)|(?:Range|Type|Syntax)Error',
    '\\bundefined\\b(?! is an unknown key)',
  ].join('|'),
);

/** A refusal says in our words what is wrong. */
function wordsOf({ code, message, hint }) {
  const isWorded = /^(?:invalid|unknown|missing|ambiguous|conflicting)\b/.test(message);
  if (!isWorded) return { kind: 'problem', message: `not worded: ${code}: ${message}` };
  const said = WORDS_OF_LIBRARIES.exec(`${message}\n${hint}`.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'))?.[0];
  return said === undefined
    ? { kind: 'refused', code }
    : { kind: 'problem', message: `words of a library ("${said}"): ${code}: ${message}` };
}

/** The first number that is not finite; a loss that was not measured is NaN. */
function problemOf(value, where, seen) {
  if (typeof value === 'number') {
    const isMissing = Number.isNaN(value) && /losses/.test(where);
    const isBroken = where.startsWith('run-log.losses');
    return Number.isFinite(value) || isMissing || isBroken ? undefined : `${where} is ${value}`;
  }
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  seen.add(value);
  const entries = ArrayBuffer.isView(value) || Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, inner] of entries) {
    const found = problemOf(inner, `${where}.${key}`, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function readDocuments(path) {
  const file = await openDocuments(path);
  let count = 0;
  try {
    for await (const batch of file.batches()) count += batch.texts?.length ?? batch.ends.length;
    return { count, bytes: file.bytes };
  } finally {
    await file.close?.();
  }
}

async function tokenize(path) {
  const tokenizer = await createTokenizer({ kind: 'file', path });
  return { ids: [...tokenizer.encode('The web, in code: 12.5 %\n')] };
}
