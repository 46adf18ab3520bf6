/**
 * TensorBoard event files (`events.out.tfevents.*`), one run a folder; a run that was resumed has several. Scalars downloaded from
 * its page are read too. Tags are metrics as in a W&B history; steps are those that the trainer passed.
 */

import { BimixError, type Place } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import { counted, findingOf } from '../observations/index.ts';
import type { Importer } from './importer.ts';
import { draftOfLogs, type LoggedLoss, runNamesOfPath } from './logged-losses.ts';
import { domainsOfMetrics } from './metric-domains.ts';
import { readRunMixtures } from './run-mixtures.ts';
import { isDownload, readDownload } from './tensorboard-downloads.ts';
import { readEvents } from './tensorboard-events.ts';
import { type ScalarLog, volumeOfScalars } from './tensorboard-logs.ts';
import { readRecords } from './tensorboard-records.ts';

/** The first event of each file says its version. */
const VERSION = 'brain.Event:';
/** Holds the first event. */
const HEAD_BYTES = 256;

const HOW_TO_LOG =
  "Evaluate on a validation set of each domain, logged with the tag eval/<domain>/loss; name other tags with --column 'losses=val/*/ce'.";

export const tensorboard: Importer = {
  name: 'tensorboard',
  description: 'event files of TensorBoard and scalars downloaded from it, with a table of mixtures',

  detect(files) {
    if (files.some(isEvents)) return { confidence: 'certain', reason: 'records that begin with brain.Event' };
    const fits = files.some(isDownload);
    return fits && { confidence: 'certain', reason: 'columns Wall time, Step, Value' };
  },

  async read(files, { columns: map = {} }) {
    const eventFiles = files.filter(file => isEvents(file) || isDownload(file));
    if (eventFiles.length === 0) {
      throw new BimixError('missing-log', `missing events: ${files[0].path} has no TensorBoard scalars`, {
        where: { file: files[0].path },
      });
    }
    // Of a run that was resumed the later file counts.
    const read = await Promise.all(eventFiles.map(file => (isEvents(file) ? readEventFile(file) : readDownload(file))));
    const logs = read.sort((a, b) => a.time - b.time);
    const { losses: _l, accuracy: _a, error: _e, bpb: _b, tokens: _t, volume: _v, ...mixtureMap } = map;
    const tags = new Set(logs.flatMap(({ scalars }) => scalars.map(({ tag }) => tag)));
    const { domains, units } = domainsOfMetrics([...tags], map, eventFiles[0], HOW_TO_LOG);
    const volume = volumeOfScalars(logs, domains, map, tags);
    const losses = logs.flatMap(({ runs, scalars }) =>
      scalars.flatMap(({ tag, step, value, where }): LoggedLoss[] => {
        const domain = domains.get(tag);
        if (domain === undefined) return [];
        return [{ runs, volume: countOf(volume.of(runs, step), where), domain, loss: value, where }];
      }),
    );
    const cut = logs.flatMap(({ file, cutAt }) => (cutAt === undefined ? [] : [`${file.path} at byte ${cutAt}`]));
    const tables = files.filter(file => !eventFiles.includes(file));
    return draftOfLogs(
      {
        format: 'tensorboard',
        volumeUnit: volume.unit,
        losses,
        logs: eventFiles.map(({ path }) => path),
        ...(Object.keys(units).length === 0 ? {} : { metrics: units }),
        findings: [
          ...findingOf('suspicion', 'cut-log', cut, n => {
            return `${counted(n, 'file')} cut in the last record, as when the trainer is still writing or was killed: read up to there`;
          }),
          ...findingOf('note', 'tokens', volume.tag === undefined ? [] : [volume.tag], () => {
            return `volume is tokens, from "${volume.tag}"; steps are not read`;
          }),
        ],
      },
      await readRunMixtures(tables, eventFiles[0], mixtureMap),
    );
  },
};

function isEvents({ content }: InputFile): boolean {
  return Buffer.from(content.subarray(0, HEAD_BYTES)).includes(VERSION);
}

function readEventFile(file: InputFile): ScalarLog {
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
    scalars: scalars.map(({ tag, step, value, byte }) => {
      return { tag: fullTag(tag, folder), step, value, where: { file: file.path, byte } };
    }),
    cutAt,
  };
}

/** `add_scalars('val_loss', {web: ...})` of PyTorch writes the tag `val_loss` into a folder `val_loss_web`. */
function fullTag(tag: string, folder: string): string {
  const flat = tag.replaceAll('/', '_');
  return folder.startsWith(`${flat}_`) ? `${flat}/${folder.slice(flat.length + 1)}` : tag;
}

function countOf(volume: number, where: Place): number {
  if (volume >= 0 && volume <= Number.MAX_SAFE_INTEGER) return volume;
  throw new BimixError('invalid-number', `invalid step or count of tokens ${volume}: expected one from 0`, { where });
}
