/**
 * The thread that reads mutated inputs, with the code of the last build, so that one that hangs can be stopped. Each message is
 * `{ target, paths, options }`; the answer says what was read: nothing wrong, a refusal, or what should not be.
 */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parentPort } from 'node:worker_threads';
import { readLaw } from '../../dist/cli/law-argument.js';
import { createTokenizer, embedDocuments, gramOfFile, openDocuments, readCorpus } from '../../dist/corpus/index.js';
import { mergeCountFiles, readDomainCounts } from '../../dist/counting/index.js';
import { formatEntropyResults, parseEntropyResults } from '../../dist/entropy/index.js';
import { BimixError } from '../../dist/errors/index.js';
import { parseComparisons } from '../../dist/evidence/index.js';
import {
  readBounds,
  readDomainNumbers,
  readDomainPaths,
  readInputFile,
  readMixtureFile,
} from '../../dist/files/index.js';
import { importRuns, readColumnMap, readMixtureTable, readRunLog, readRunsFile } from '../../dist/importers/index.js';
import { formatLaws, parseLaws } from '../../dist/laws/index.js';
import { formatRuns } from '../../dist/observations/index.js';
import {
  collectRuns,
  readPlan,
  readPlanFolder,
  readProject,
  readProxyRun,
  readRunMetrics,
  readRunProgress,
  readRunResult,
  readRunStates,
} from '../../dist/proxies/index.js';

/** What reads the inputs of each target; the value holds every number that was read. */
const READERS = {
  import: (paths, options) => importAndWrite(paths, options),
  'import-columns': async ([columns, ...paths]) => importRuns(paths, { columns: await readColumnMap(columns) }),
  runs: ([file]) => readRunsFile(file),
  'run-log': async ([file]) => ({ losses: await readRunLog(await readInputFile(file)) }),
  law: async ([file]) => parseLaws(formatLaws([await readLaw(file)]), file),
  mixture: ([file]) => readMixtureFile(file),
  mixtures: ([file]) => readMixtureTable(file, ['web', 'code']),
  bounds: ([file]) => readBounds(file),
  numbers: ([file]) => readDomainNumbers(file, 'tokens available'),
  paths: ([file]) => readDomainPaths(file),
  columns: ([file]) => readColumnMap(file),
  project: ([file]) => readProject(file),
  plan: ([file]) => readPlan(file),
  entropy: async ([file]) => {
    const results = parseEntropyResults((await readInputFile(file)).text(), file);
    return parseEntropyResults(formatEntropyResults(results), 'the same, written again');
  },
  comparison: async ([file]) => parseComparisons((await readInputFile(file)).text(), file),
  corpus: async ([file]) => readCorpus(file),
  documents: ([file], options) => readDocuments(file, options),
  embeddings: ([file]) => gramOfFile(file),
  embed: ([file]) => embedDocuments([file], {}),
  tokenizer: ([file]) => tokenize(file),
  counts: async ([file]) => (await readDomainCounts(file)).header,
  merge: ([file]) => mergeCountFiles([file], `${file}.merged`),
  result: ([file]) => readRunResult(path.dirname(file)),
  metrics: ([file]) => readRunMetrics(path.dirname(file)),
  progress: ([file]) => readProgress(path.dirname(file)),
  'proxy-run': ([file]) => readProxyRun(file),
  'run-folder': ([file]) => readFolder(path.dirname(file)),
};

parentPort.on('message', async ({ target, paths, options }) => {
  parentPort.postMessage(await outcome(target, paths, options));
});

async function outcome(target, paths, options) {
  try {
    const value = await READERS[target](paths, options);
    const found = problemOf(value, target, new Set()) ?? oddFinding(value?.findings ?? []);
    return found === undefined
      ? { kind: 'read', format: value?.format, findings: value?.findings?.map(({ code }) => code) }
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
    'Maximum call stack|not iterable|not a function|properties of|\\[object |circular|array length|\\boffset\\b|out of (?:range|bounds)|(?:Range|Type|Syntax)Error',
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

/** A note says what it means. */
function oddFinding(findings) {
  const odd = findings.find(({ message }) => /\bundefined\b|\[object /.test(message));
  return odd && `a finding that is not worded: ${odd.message}`;
}

/** What was imported can be written, and read again as the same runs. */
async function importAndWrite(paths, options) {
  const imported = await importRuns(paths, options);
  const written = `${paths[0]}.runs.jsonl`;
  await writeFile(written, formatRuns(imported.table));
  const { table } = await readRunsFile(written);
  for (const name of ['mixtures', 'losses', 'rowVolume', 'trainingDomains', 'evaluationDomains']) {
    if (isDeepStrictEqual(table[name], imported.table[name])) continue;
    throw new Error(`${name} differ in the runs.jsonl: ${imported.table[name]} became ${table[name]}`);
  }
  return imported;
}

/** Whole and in parts, which are what workers count: both see the same documents, or refuse the file. */
async function readDocuments(path, options) {
  const [whole, inParts] = await Promise.allSettled([countDocuments(path, options), countParts(path, options)]);
  if (whole.status !== inParts.status) {
    const [refused, read] = whole.status === 'rejected' ? [whole, 'in parts'] : [inParts, 'whole'];
    if (!(refused.reason instanceof BimixError)) throw refused.reason;
    throw new Error(`it is read ${read}, and refused otherwise: ${refused.reason.message}`);
  }
  if (whole.status === 'rejected') throw whole.reason;
  const { documents, length } = inParts.value;
  if (documents === whole.value.documents && length === whole.value.length) return whole.value;
  throw new Error(`${whole.value.documents} documents of ${whole.value.length}, in parts ${documents} of ${length}`);
}

async function countParts(path, options) {
  const file = await openDocuments(path, options);
  const parts = await file.parts(3);
  await file.close?.();
  const sums = { documents: 0, length: 0 };
  for (const part of parts) {
    const { documents, length } = await countDocuments(path, { ...options, part, batchBytes: 64 });
    sums.documents += documents;
    sums.length += length;
  }
  return sums;
}

async function countDocuments(path, options) {
  const file = await openDocuments(path, options);
  let documents = 0;
  let length = 0;
  try {
    for await (const { texts, ends, tokens, continues } of file.batches()) {
      documents += texts?.length ?? ends.length - (continues ? 1 : 0);
      length += tokens?.length ?? texts.join('').length;
    }
    return { format: file.format, documents, length, bytes: file.bytes };
  } finally {
    await file.close?.();
  }
}

/** One that cannot be read is none. */
async function readProgress(folder) {
  const progress = await readRunProgress(folder);
  if (progress === null) throw new BimixError('missing-progress', `missing progress in ${folder}`);
  return progress;
}

async function readFolder(folder) {
  const plan = await readPlanFolder(folder);
  const states = await readRunStates(plan, folder);
  const { project, trainingDomains } = plan;
  const { table, findings } = await collectRuns([{ project, trainingDomains, states }]);
  return { states, table, findings };
}

async function tokenize(path) {
  const tokenizer = await createTokenizer({ kind: 'file', path });
  const ids = [...tokenizer.encode('The web, in code: 12.5 %\n')];
  if (ids.some(id => id >= tokenizer.vocabulary)) throw new Error(`an id of ${ids} is beyond ${tokenizer.vocabulary}`);
  return { ids };
}
