/** `bimix entropy`: what each domain of a corpus is worth before any training, and `bimix entropy merge` for shards. */

import { dirname, join } from 'node:path';
import { type Command, Option } from '@commander-js/extra-typings';
import {
  type Corpus,
  corpusFiles,
  embedDocuments,
  gramOfFile,
  readCorpus,
  type TrainingDomain,
} from '../corpus/index.ts';
import { countCorpus, mergeCountFiles, readCountsHeader } from '../counting/index.ts';
import { type EntropyResults, ESTIMATORS, formatEntropyResults, vonNeumannEntropy } from '../entropy/index.ts';
import { BimixError } from '../errors/index.ts';
import { readDomainNumbers, readDomainPaths, writeWholeFile } from '../files/index.ts';
import { namedValue, parseQuantity } from '../mixture/index.ts';
import { renderEntropyReport } from '../report/index.ts';
import { countOn } from './count-on.ts';
import { type CountedFiles, entropyResults } from './entropy-contents.ts';
import { entropyText } from './entropy-text.ts';
import { wholeNumber } from './fit-settings.ts';
import { untilInterrupted } from './interruption.ts';
import { printJson, printText, sayWritten } from './print.ts';
import { rateLine, withProgress } from './progress.ts';
import { startLine } from './progress-line.ts';
import { tokenizerFor } from './tokenizer-choice.ts';

const estimatorOption = new Option('--estimator <name>', 'estimator behind the headline entropies and the mixtures')
  .choices(ESTIMATORS.map(({ name }) => name))
  .default('plug-in');

export function addEntropy(program: Command): void {
  const command = program
    .command('entropy')
    .enablePositionalOptions()
    .summary('measure the token entropies of domains')
    .description(
      'Counts the tokens and pairs of neighbouring tokens of each domain of a corpus, and says how diverse each is: Shannon, joint and conditional entropy with intervals over documents, the mixtures they imply, and how much domains overlap. Finished parts stay in the work folder, and the same command continues after Ctrl-C.',
    )
    .argument('<corpus>', 'corpus.yaml: the files of each domain')
    .option(
      '--tokenizer <name>',
      'bytes, gpt2, o200k, bpe:8192 (trained on the corpus) or a tokenizer.json; overrides corpus.yaml',
    )
    .option('--sample <tokens>', 'read about this many tokens of each domain, for example 1B (default: all)')
    .option('--workers <number>', 'worker threads (default: one per core)')
    .option('--memory <bytes>', 'memory for counting; beyond it, counts are sorted to disk', '1G')
    .option('--across-documents', 'pair the last token of a document with the first of the next, as the paper does')
    .option(
      '--von-neumann',
      'also measure the von Neumann entropy of document embeddings (hashed character n-grams, not FastText)',
    )
    .option(
      '--embeddings <file>',
      'file of your own document embeddings for it, with lines such as "books: books.npy" (.npy or Parquet)',
    )
    .addOption(estimatorOption)
    .option('--work <folder>', 'where finished parts are kept (default: beside the output)')
    .option(
      '--shard <i/n>',
      'count part i of n (from 0) into the work folder and stop; bimix entropy merge joins shards',
    )
    .addOption(
      new Option('--on <where>', 'count in tasks that outlive this command, here or on Slurm').choices([
        'local',
        'slurm',
      ]),
    )
    .option('--parts <number>', 'with --on: tasks to count in (default: at most 64)')
    .option('--parallel <number>', 'with --on: tasks at a time (default: as many as there are cores; on Slurm, all)')
    .option('--sbatch <options>', 'with --on slurm: further options of sbatch, "--partition=cpu --time=60"')
    .option('-o, --output <file>', 'where to write the entropies, as JSON')
    .option('--report <file>', 'write an HTML report')
    .option('--date <date>', 'date to print in the report (default: now)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix entropy corpus.yaml -o entropy.json
  $ bimix entropy corpus.yaml --tokenizer gpt2 --sample 1B --workers 8 -o entropy.json --report entropy.html
  $ bimix entropy corpus.yaml --on slurm --parts 200 --parallel 50 --sbatch "--partition=cpu" -o entropy.json
  $ bimix entropy corpus.yaml --shard 3/16 --work parts-3
  $ bimix entropy merge parts-*/*.counts -o entropy.json

corpus.yaml:
  tokenizer: gpt2
  domains:
    books: {files: ["books/*.jsonl.zst"], text: text}
    code:  {files: ["code/part-*.bin"], format: nanogpt, dtype: u16, eos: 50256, available: 12B}`,
    )
    .action(async (path, options) => {
      const corpus = await readCorpus(path);
      const files = await corpusFiles(corpus);
      const workFolder = options.work ?? (options.output === undefined ? '.bimix-counts' : `${options.output}.parts`);
      const { spec, tokenizer } = await tokenizerFor(
        options.tokenizer ?? corpus.tokenizer,
        trainingDomains(corpus, files),
        workFolder,
      );
      const sample = options.sample === undefined ? undefined : parseQuantity(options.sample, 'number of tokens');
      const specs = corpus.domains.map(({ name, read }) => ({
        domain: name,
        files: files.get(name) ?? [],
        read,
        tokenizer: spec,
        ...(sample === undefined ? {} : { sampleTokens: sample }),
        acrossDocuments: options.acrossDocuments === true,
      }));
      const shard = options.shard === undefined ? undefined : shardOf(options.shard);
      const memoryBytes = parseQuantity(options.memory, 'number of bytes');
      const workers = options.workers === undefined ? undefined : wholeNumber('--workers', options.workers, 0);
      refuseTaskOptions(options);
      const line = startLine('counting tokens');
      const stop = new AbortController();
      const interrupt = (): void => stop.abort(stoppedCounting(workFolder));
      const paths = await untilInterrupted(interrupt, () => {
        const { on, parts, parallel, sbatch } = options;
        const { signal } = stop;
        const counting = { workFolder, memoryBytes, ...(workers === undefined ? {} : { workers }), signal };
        if (on !== undefined) return countOn({ on, parts, parallel, sbatch }, specs, counting, line);
        return countCorpus(specs, {
          ...counting,
          ...(shard === undefined ? {} : { shard }),
          onProgress: progress => line.show(rateLine(progress)),
        });
      }).finally(() => line.end());
      if (shard !== undefined) {
        for (const [domain, counts] of paths) sayWritten(counts, `counts of ${domain}, shard ${options.shard}`);
        if (options.json) printJson(Object.fromEntries(paths));
        return;
      }
      const available = Object.fromEntries(corpus.domains.map(({ name, available: there }) => [name, there]));
      const results = await withProgress('estimating entropies', async () =>
        entropyResults(paths, {
          estimator: options.estimator,
          tokenizer,
          available,
          vonNeumann: await vonNeumannOf(corpus, files, options),
          ownEmbedding: options.vonNeumann === true && options.embeddings === undefined,
        }),
      );
      await deliver(results, options, [
        `bimix entropy ${path}${options.output === undefined ? '' : ` -o ${options.output}`}`,
      ]);
    });
  addMerge(command);
}

function addMerge(command: Command<[string]>): void {
  command
    .command('merge')
    .summary('join counts of shards')
    .description('Merges count files of the shards of a corpus, in any order, and measures the entropies of the whole.')
    .argument('<counts...>', 'count files, of one or several domains')
    .option('--tokenizer <name>', 'to show tokens as text, where the count files name only its hash')
    .option('--available <file>', 'tokens available of each domain, "code: 12B"')
    .addOption(estimatorOption)
    .option('-o, --output <file>', 'where to write the entropies, as JSON')
    .option('--report <file>', 'write an HTML report')
    .option('--date <date>', 'date to print in the report (default: now)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ bimix entropy merge parts-*/*.counts -o entropy.json`,
    )
    .action(async (paths, options) => {
      const folder = options.output === undefined ? '.' : dirname(options.output);
      const merged = await mergeByDomain(paths, join(folder, '.'));
      const available =
        options.available === undefined ? {} : await readDomainNumbers(options.available, 'tokens available');
      const { tokenizer } = await tokenizerFor(options.tokenizer ?? null, [], folder);
      const results = await entropyResults(merged, {
        estimator: options.estimator,
        tokenizer,
        available,
        vonNeumann: {},
        ownEmbedding: false,
      });
      await deliver(results, options, [`bimix entropy merge ${paths.length} count files`]);
    });
}

/** One count file a domain: the one given, or the merge of several beside the output. */
async function mergeByDomain(paths: readonly string[], folder: string): Promise<CountedFiles> {
  const byDomain = new Map<string, string[]>();
  for (const path of paths) {
    const { domain } = readCountsHeader(path);
    byDomain.set(domain, [...(byDomain.get(domain) ?? []), path]);
  }
  const merged = new Map<string, string>();
  for (const [domain, parts] of byDomain) {
    const out = join(folder, `${domain.replaceAll(/[^\w.-]+/g, '_')}.merged.counts`);
    if (parts.length > 1) await mergeCountFiles(parts, out);
    merged.set(domain, parts.length > 1 ? out : parts[0]);
  }
  return merged;
}

function trainingDomains(corpus: Corpus, files: ReadonlyMap<string, readonly string[]>): TrainingDomain[] {
  return corpus.domains.map(({ name, read }) => ({ files: files.get(name) ?? [], read }));
}

/** Von Neumann entropy of each domain, nats; none unless asked for. */
async function vonNeumannOf(
  corpus: Corpus,
  files: ReadonlyMap<string, readonly string[]>,
  { vonNeumann, embeddings }: { vonNeumann?: true | undefined; embeddings?: string | undefined },
): Promise<Record<string, number>> {
  if (vonNeumann === undefined && embeddings === undefined) return {};
  const given = embeddings === undefined ? null : await readDomainPaths(embeddings);
  const entropies: Record<string, number> = {};
  for (const { name, read } of corpus.domains) {
    const path = namedValue(given, name);
    if (given !== null && path === undefined) {
      throw new BimixError('missing-embeddings', `missing embeddings of "${name}" in ${embeddings}`);
    }
    const gram = path === undefined ? await embedDocuments(files.get(name) ?? [], read) : await gramOfFile(path);
    entropies[name] = vonNeumannEntropy(gram);
  }
  return entropies;
}

interface Delivery {
  readonly output?: string | undefined;
  readonly report?: string | undefined;
  readonly date?: string | undefined;
  readonly json?: true | undefined;
}

async function deliver(
  results: EntropyResults,
  { output, report, date, json }: Delivery,
  commands: readonly string[],
): Promise<void> {
  if (output !== undefined) {
    await writeWholeFile(output, formatEntropyResults(results));
    sayWritten(output, `${Object.keys(results.domains).length} domains`);
  }
  if (report !== undefined) {
    const generated = date ?? new Date().toISOString();
    const page = await renderEntropyReport(results, { title: 'What is each domain worth?', generated, commands });
    await writeWholeFile(report, page);
    sayWritten(report, 'open it in a browser');
  }
  if (json) printJson(results);
  else printText(...entropyText(results));
}

function refuseTaskOptions({ on, shard, parts, parallel, sbatch }: Readonly<Record<string, unknown>>): void {
  const alone = Object.entries({ '--parts': parts, '--parallel': parallel, '--sbatch': sbatch });
  const [name] = alone.find(([, value]) => value !== undefined) ?? [];
  if (on === undefined && name !== undefined) {
    throw new BimixError('invalid-option', `invalid ${name}: it goes with --on local or --on slurm`);
  }
  if (on !== 'slurm' && sbatch !== undefined)
    throw new BimixError('invalid-option', 'invalid --sbatch: it goes with --on slurm');
  if (on !== undefined && shard !== undefined) {
    throw new BimixError('invalid-option', 'invalid --shard: --on counts all shards; give --parts instead');
  }
}

function shardOf(text: string): { index: number; of: number } {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (index !== undefined && Number(of) > 0 && Number(index) < Number(of))
    return { index: Number(index), of: Number(of) };
  throw new BimixError(
    'invalid-shard',
    `invalid --shard ${text}: expected i/n with i from 0 to n - 1, for example 0/16`,
  );
}

/** @param kept where finished parts are */
function stoppedCounting(kept: string): BimixError {
  return new BimixError('missing-counts', 'missing counts: stopped before all parts were counted', {
    hint: `Finished parts are in ${kept}; the same command resumes from there.`,
  });
}
