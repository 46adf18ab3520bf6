/**
 * TensorBoard event files (`events.out.tfevents.*`), one run a folder; a run that was resumed has several. Tags are metrics as in
 * a W&B history; steps are those that the trainer passed. Mixtures stand in a table beside them.
 */

import { BimixError, didYouMean } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import { counted, findingOf } from '../observations/index.ts';
import type { ColumnMap } from './column-map.ts';
import type { Importer } from './importer.ts';
import { draftOfLogs, type LoggedLoss, runNamesOfPath } from './logged-losses.ts';
import { domainsOfMetrics } from './metric-domains.ts';
import { readRunMixtures } from './run-mixtures.ts';
import { readEvents, type Scalar } from './tensorboard-events.ts';
import { readRecords } from './tensorboard-records.ts';
import { TOKEN_NAMES } from './volume-names.ts';

/** The first event of each file says its version. */
const VERSION = 'brain.Event:';
/** Holds the first event. */
const HEAD_BYTES = 256;

const HOW_TO_LOG =
  "Evaluate on a validation set of each domain, logged with the tag eval/<domain>/loss; tags of other names are told with --column 'losses=val/*/ce'.";

interface EventFile {
  readonly file: InputFile;
  /** What the run may be called, likeliest first. */
  readonly runs: readonly string[];
  readonly time: number;
  readonly scalars: readonly Scalar[];
  readonly cutAt: number | undefined;
}

export const tensorboard: Importer = {
  name: 'tensorboard',
  description: 'event files of TensorBoard, one run a folder, with a table of mixtures',

  detect(files) {
    const fits = files.some(isEvents);
    return fits && { confidence: 'certain', reason: 'records that begin with brain.Event' };
  },

  async read(files, { columns: map = {} }) {
    const eventFiles = files.filter(isEvents);
    if (eventFiles.length === 0) {
      throw new BimixError('missing-log', `missing events: ${files[0].path} is no event file of TensorBoard`, {
        where: { file: files[0].path },
      });
    }
    // Of a run that was resumed the later file counts.
    const logs = eventFiles.map(readEventFile).sort((a, b) => a.time - b.time);
    const { losses: _l, accuracy: _a, error: _e, bpb: _b, tokens: _t, volume: _v, ...mixtureMap } = map;
    const tags = new Set(logs.flatMap(({ scalars }) => scalars.map(({ tag }) => tag)));
    const { domains, units } = domainsOfMetrics([...tags], map, eventFiles[0], HOW_TO_LOG);
    const tokens = tokensOf(logs, domains, map, tags);
    const losses = logs.flatMap(({ file, runs, scalars }) =>
      scalars.flatMap(({ tag, step, value, byte }): LoggedLoss[] => {
        const domain = domains.get(tag);
        const where = { file: file.path, byte };
        if (domain === undefined) return [];
        return [{ runs, volume: countOf(tokens.of(runs, step), where), domain, loss: value, where }];
      }),
    );
    const cut = logs.flatMap(({ file, cutAt }) => (cutAt === undefined ? [] : [`${file.path} at byte ${cutAt}`]));
    const tables = files.filter(file => !eventFiles.includes(file));
    return draftOfLogs(
      {
        format: 'tensorboard',
        volumeUnit: tokens.unit,
        losses,
        logs: eventFiles.map(({ path }) => path),
        ...(Object.keys(units).length === 0 ? {} : { metrics: units }),
        findings: findingOf('suspicion', 'cut-log', cut, n => {
          return `${counted(n, 'file')} cut within the last record, as where the trainer is writing or was killed: read up to there`;
        }),
      },
      await readRunMixtures(tables, eventFiles[0], mixtureMap),
    );
  },
};

function isEvents({ content }: InputFile): boolean {
  return Buffer.from(content.subarray(0, HEAD_BYTES)).includes(VERSION);
}

function readEventFile(file: InputFile): EventFile {
  const { records, cutAt } = readRecords(file);
  const { time, scalars } = readEvents(file, records);
  const folders = file.path.split(/[\\/]/).slice(0, -1).reverse();
  const [folder = ''] = folders;
  const names = runNamesOfPath(file.path);
  const ofFolders = names.filter(name => folders.includes(name));
  return {
    file,
    runs: [...ofFolders, ...names.filter(name => !ofFolders.includes(name))],
    time,
    scalars: scalars.map(scalar => ({ ...scalar, tag: fullTag(scalar.tag, folder) })),
    cutAt,
  };
}

/** `add_scalars('val_loss', {web: ...})` of PyTorch writes the tag `val_loss` into a folder `val_loss_web`. */
function fullTag(tag: string, folder: string): string {
  const flat = tag.replaceAll('/', '_');
  return folder.startsWith(`${flat}_`) ? `${flat}/${folder.slice(flat.length + 1)}` : tag;
}

interface Tokens {
  readonly unit: 'tokens' | 'steps';
  /** Volume of a run at a step. */
  of(runs: readonly string[], step: number): number;
}

/** Volume by the tag that counts tokens, where each evaluation has it, else by the step. */
function tokensOf(
  logs: readonly EventFile[],
  domains: ReadonlyMap<string, string>,
  map: ColumnMap,
  tags: ReadonlySet<string>,
): Tokens {
  const { tokens: named, volume } = map;
  if (named !== undefined && !tags.has(named)) {
    throw new BimixError('missing-column', `missing tag "${named}" with tokens`, { hint: didYouMean(named, tags) });
  }
  const keyOf = (runs: readonly string[], step: number): string => JSON.stringify([runs[0], step]);
  const measured = logs.flatMap(({ runs, scalars }) =>
    scalars.filter(({ tag }) => domains.has(tag)).map(({ step }) => keyOf(runs, step)),
  );
  const candidates = volume === 'steps' ? [] : named === undefined ? TOKEN_NAMES : [named];
  for (const name of candidates.filter(candidate => tags.has(candidate))) {
    const counts = new Map(
      logs.flatMap(({ runs, scalars }) =>
        scalars.filter(({ tag }) => tag === name).map(({ step, value }) => [keyOf(runs, step), value]),
      ),
    );
    const isFull = measured.every(key => counts.has(key));
    if (isFull) return { unit: 'tokens', of: (runs, step) => counts.get(keyOf(runs, step)) as number };
  }
  return { unit: volume === 'tokens' ? 'tokens' : 'steps', of: (_runs, step) => step };
}

function countOf(volume: number, where: { readonly file: string; readonly byte: number }): number {
  if (volume >= 0 && volume <= Number.MAX_SAFE_INTEGER) return volume;
  throw new BimixError('invalid-number', `invalid step or count of tokens ${volume}: expected one from 0`, { where });
}
