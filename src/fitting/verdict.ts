/** A fit in plain words: are there enough runs for this law, and what would improve it? */

import {
  type FittedLaw,
  type FittedTarget,
  type LawDescription,
  scheduleWarnings,
  type Warning,
} from '../laws/index.ts';
import { mixtureOfRun, type RunTable } from '../observations/index.ts';
import { mixtureGroups } from './mixture-groups.ts';

/** One sentence: enough runs or not, and which coefficients the runs do not determine. */
export function verdict(table: RunTable, law: LawDescription, targets: readonly FittedTarget[]): string {
  const mixtures = distinctMixtures(table);
  const domains = table.trainingDomains.length;
  const wanted = law.runsWanted(domains);
  const counts = `${mixturesText(mixtures)} of ${domains} domains`;
  const enough =
    mixtures >= wanted
      ? `enough runs for ${law.name}: ${counts}`
      : `too few runs for ${law.name}: ${counts}, at least ${wanted} wanted`;
  const open = targets.filter(target => openAlpha(law, target));
  if (open.length === 0) return `${enough}.`;
  const names = open.map(target => target.target).join(', ');
  return `${enough}; the effect of the own share on ${names} is not identified.`;
}

/**
 * The law with a verdict that knows how it predicts mixtures held out: of a law that a naive baseline beats it never
 * says that there are enough runs, and a warning says why.
 */
export function testedVerdict(fitted: FittedLaw & Required<Pick<FittedLaw, 'heldOut'>>): FittedLaw {
  const { law, heldOut } = fitted;
  const [name, best] = Object.entries(heldOut.baselines).reduce((a, b) => (b[1] < a[1] ? b : a));
  const folds = `mixtures held out in ${heldOut.folds} folds`;
  if (heldOut.mre < best) {
    const tested = `On ${folds} its MRE is ${percentOf(heldOut.mre)}; that of the best naive baseline, "${name}", is ${percentOf(best)}.`;
    return { ...fitted, verdict: `${fitted.verdict} ${tested}` };
  }
  const message = `the naive baseline "${name}" predicts better than ${law}: MRE ${percentOf(best)} against ${percentOf(heldOut.mre)} on ${folds}`;
  const counts = fitted.verdict.replace(`enough runs for ${law}: `, '');
  return {
    ...fitted,
    verdict: `${message}. Do not choose a mixture by this law; bimix compare looks for a better one. ${upperFirst(counts)}`,
    warnings: [{ code: 'beaten-by-baseline', message }, ...fitted.warnings],
  };
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function percentOf(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`;
}

/** What readers of the coefficients must know: bounds reached, effects not identified, fits not converged. */
export function fitWarnings(table: RunTable, law: LawDescription, targets: readonly FittedTarget[]): Warning[] {
  const warnings: Warning[] = [];
  const mixtures = distinctMixtures(table);
  const wanted = law.runsWanted(table.trainingDomains.length);
  if (mixtures < wanted) {
    warnings.push({
      code: 'few-runs',
      message: `${mixturesText(mixtures)} ${mixtures === 1 ? 'is' : 'are'} few for ${law.name}, which wants at least ${wanted}: rely on held-out evidence (bimix evaluate), and add runs.`,
    });
  }
  for (const target of targets) {
    const { own, target: domain, atBound, convergence } = target;
    if (own !== null && openAlpha(law, target)) {
      const range = shareRange(table, own);
      warnings.push({
        code: 'not-identified',
        domain,
        message: `alpha of ${domain} is not identified: the share of ${own} ${range} in these runs; add runs with more or less ${own}.`,
      });
    }
    if (target.volumeVaries && target.notIdentified.includes('beta')) {
      warnings.push({
        code: 'not-identified',
        domain,
        message: `beta of ${domain} is not identified: its losses do not determine how fast more data helps; add checkpoints at other volumes.`,
      });
    }
    const stuck = atBound.filter(name => !name.startsWith('t.'));
    if (stuck.length > 0) {
      const values = stuck.map(name => `${name} = ${Number(target.coefficients[name].toPrecision(3))}`).join(', ');
      warnings.push({ code: 'at-bound', domain, message: `coefficients of ${domain} ended on a bound: ${values}.` });
    }
    if (!convergence.converged) {
      warnings.push({
        code: 'not-converged',
        domain,
        message: `the fit of ${domain} did not converge in ${convergence.iterations} iterations.`,
      });
    }
  }
  const { schedule, volumeUnit: unit, rowRun, rowVolume, runs } = table;
  const largest = rowVolume.reduce((a, b) => Math.max(a, b), 0);
  return [...warnings, ...scheduleWarnings({ unit, largest, schedule, insideRuns: rowRun.length > runs.length })];
}

/** Laws of the own share alone leave alpha out where it never varies; some laws have no alpha. */
function openAlpha(law: LawDescription, { shareVaries, own, notIdentified, coefficients }: FittedTarget): boolean {
  if (own === null || !(law.needsOwnDomain || 'alpha' in coefficients)) return false;
  return !shareVaries || notIdentified.includes('alpha');
}

/** Mixtures that differ by more than rounding: replicates of one mixture add no information about shares. */
export function distinctMixtures(table: RunTable): number {
  return new Set(mixtureGroups(table)).size;
}

function shareRange(table: RunTable, domain: string): string {
  const j = table.trainingDomains.indexOf(domain);
  const shares = table.runs.map((_, run) => mixtureOfRun(table, run)[j]);
  const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
  const [least, most] = [percent(Math.min(...shares)), percent(Math.max(...shares))];
  return least === most ? `is ${least} of tokens` : `goes from ${least} to ${most} of tokens`;
}

function mixturesText(count: number): string {
  return `${count} different ${count === 1 ? 'mixture' : 'mixtures'}`;
}
