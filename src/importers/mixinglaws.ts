/**
 * The text logs of yegcjs/mixinglaws (`data/5Mix`, `data/RedPajama`), plain or gzip, one or more files of one set: a loss a
 * line, with run, shares, step and validation sub-domain in two paths.
 *
 * Shares are of tokens, losses nats per token, volume is steps. The order of the domains is not in the files: a preset
 * knows it, or the user says it. A preset also merges or renames the validation sub-domains so that they stand for training
 * domains, sum(weight x loss) / sum(weight); domains listed by the user leave them as they are.
 */

import { BimixError } from '../errors/index.ts';
import type { InputFile } from '../files/index.ts';
import { counted, type Finding, findingOf } from '../observations/index.ts';
import type { Importer } from './importer.ts';
import { gatherCheckpoints, mergeSubDomains } from './mixinglaws-checkpoints.ts';
import { chooseDomains } from './mixinglaws-domains.ts';
import { beginsLikeLog, type LogLine, readLogLines } from './mixinglaws-lines.ts';
import { PILE_VALIDATION_WEIGHTS } from './mixinglaws-presets.ts';
import { isWeightFile, readWeights } from './mixinglaws-weights.ts';

export const mixinglaws: Importer = {
  name: 'mixinglaws',
  takesDomains: true,
  description: 'text lines "<checkpoints>/<SIZE>_<run>-<share>-.../<step>  <...>.valid.<sub-domain>.bin  <loss>"',

  detect(files) {
    const { logs } = sortFiles(files);
    const fits = logs.length > 0 && logs.every(file => beginsLikeLog(file.head() ?? ''));
    return fits && { confidence: 'certain', reason: 'lines of a checkpoint path, .valid.<sub-domain>.bin and a loss' };
  },

  read(files, options) {
    const { logs, weights, plans } = sortFiles(files);
    const lines = logs.flatMap(readLogLines);
    requireLines(lines, files);
    const { trainingDomains, groups, finding } = chooseDomains(lines, options.domains);
    const { checkpoints, findings } = gatherCheckpoints(lines);
    const merged = mergeSubDomains(
      checkpoints,
      groups,
      weights === undefined ? PILE_VALIDATION_WEIGHTS : readWeights(weights),
    );
    const isOwn = (domain: string) => Object.hasOwn(groups, domain);
    return {
      format: 'mixinglaws',
      trainingDomains,
      evaluationDomains: merged.evaluationDomains,
      // Listed domains are matched with sub-domains by name.
      ...(Object.keys(groups).length === 0
        ? {}
        : { mapping: Object.fromEntries(merged.evaluationDomains.map(name => [name, isOwn(name) ? name : null])) }),
      volumeUnit: 'steps',
      lossUnit: 'nats',
      keepsNames: true,
      rows: merged.rows,
      findings: [finding, ...findings, ...merged.findings, ...unreadPlans(plans)],
    };
  },
};

interface SortedFiles {
  readonly logs: readonly InputFile[];
  readonly weights: InputFile | undefined;
  /** Lists of mixtures, `proportions.txt`: the names of the runs say it all. */
  readonly plans: readonly InputFile[];
}

function sortFiles(files: readonly InputFile[]): SortedFiles {
  const isPlan = (file: InputFile) => /^\s*[\d.]+(?:-[\d.]+)+(?:\s|$)/.test(file.head() ?? '');
  return {
    logs: files.filter(file => !isWeightFile(file) && !isPlan(file)),
    weights: files.find(isWeightFile),
    plans: files.filter(isPlan),
  };
}

function requireLines(lines: readonly LogLine[], files: readonly InputFile[]): void {
  if (lines.length === 0) {
    const message = `missing losses: no line in ${files.map(({ path }) => path).join(', ')}`;
    throw new BimixError('missing-losses', message, { where: { file: files[0].path, line: 1 } });
  }
  const count = lines[0].shares.length;
  const odd = lines.find(({ shares }) => shares.length !== count);
  if (odd === undefined) return;
  throw new BimixError(
    'invalid-run-folder',
    `invalid run "${odd.run}": ${odd.shares.length} shares, the first run has ${count}`,
    {
      hint: 'Import sets of runs with different domains one at a time.',
      where: odd.where,
    },
  );
}

function unreadPlans(plans: readonly InputFile[]): Finding[] {
  const paths = plans.map(({ path }) => path);
  return findingOf('note', 'unread-file', paths, n => {
    return `${counted(n, 'file')} with a list of mixtures not read: the names of the runs hold theirs`;
  });
}
