/** Which training domains the shares in a mixinglaws log are of, and how its sub-domains become evaluation domains. */

import { BimixError, didYouMean } from '../errors/index.ts';
import type { Finding } from '../observations/index.ts';
import type { LogLine } from './mixinglaws-lines.ts';
import { MIXINGLAWS_PRESETS, type MixinglawsPreset, PILE_VALIDATION_WEIGHTS } from './mixinglaws-presets.ts';

interface ChosenDomains {
  /** In the order of the shares. */
  readonly trainingDomains: readonly string[];
  /** Sub-domains merged to one evaluation domain, by training domain; none when the user listed the domains. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly finding: Finding;
}

/**
 * The domains the user listed, the preset the user named, or the one preset that the runs fit: as many shares, the same way
 * of naming runs, and no sub-domain from outside the Pile.
 *
 * @param asked names of domains, or one name of a preset
 * @throws BimixError `missing-domains`, `invalid-domains` (another number of names than of shares), `unknown-preset`
 */
export function chooseDomains(lines: readonly LogLine[], asked: readonly string[] | undefined): ChosenDomains {
  const count = lines[0].shares.length;
  if (asked === undefined) {
    const preset = MIXINGLAWS_PRESETS.find(candidate => fits(candidate, lines));
    if (preset !== undefined)
      return fromPreset(preset, 'recognized by the names of the runs; pass --domains to say otherwise');
    throw new BimixError(
      'missing-domains',
      `missing domains: runs have ${count} shares and the log does not name them`,
      {
        hint: `Pass --domains with ${count} names in the order of the shares, or a preset: ${presetNames().join(', ')}.`,
        where: lines[0].where,
      },
    );
  }
  if (asked.length === 1 && count > 1) return fromPreset(presetNamed(asked[0], lines), 'as asked');
  requireCount(asked, count, lines);
  return {
    trainingDomains: asked,
    groups: {},
    finding: note(asked, `training domains as given: ${asked.join(', ')}; validation sub-domains kept as they are`),
  };
}

function fits({ trainingDomains, runName }: MixinglawsPreset, lines: readonly LogLine[]): boolean {
  return lines.every(({ shares, run, subDomain }) => {
    return (
      shares.length === trainingDomains.length && runName.test(run) && Object.hasOwn(PILE_VALIDATION_WEIGHTS, subDomain)
    );
  });
}

function presetNamed(name: string, lines: readonly LogLine[]): MixinglawsPreset {
  const preset = MIXINGLAWS_PRESETS.find(candidate => candidate.name === name.toLowerCase());
  if (preset === undefined) {
    throw new BimixError('unknown-preset', `unknown preset "${name}" of training domains`, {
      hint: didYouMean(name, presetNames()),
    });
  }
  requireCount(preset.trainingDomains, lines[0].shares.length, lines);
  return preset;
}

function requireCount(domains: readonly string[], count: number, lines: readonly LogLine[]): void {
  if (domains.length === count) return;
  const message = `invalid domains: ${domains.length} names (${domains.join(', ')}) for runs with ${count} shares`;
  throw new BimixError('invalid-domains', message, {
    hint: 'Pass --domains with one name a share, in the order of the shares in the name of a run.',
    where: lines[0].where,
  });
}

function fromPreset({ name, trainingDomains, groups }: MixinglawsPreset, why: string): ChosenDomains {
  const message = `training domains ${trainingDomains.join(', ')} from preset "${name}", ${why}`;
  const items = Object.entries(groups).map(([domain, members]) => `${domain}: loss of ${members.join(', ')}`);
  return { trainingDomains, groups, finding: { ...note(trainingDomains, message), items } };
}

function note(domains: readonly string[], message: string): Finding {
  return { kind: 'note', code: 'domain-order', message, count: domains.length, items: [] };
}

function presetNames(): string[] {
  return MIXINGLAWS_PRESETS.map(({ name }) => name);
}
