/** The files of a project's text, and the tokens of it that a run may draw from. */

import { expandFiles } from '../corpus/index.ts';
import { BimixError } from '../errors/index.ts';
import type { Project, ProjectDomain } from './project.ts';

export interface DomainText {
  readonly domain: ProjectDomain;
  /** Not yet split by document. */
  readonly files: readonly string[];
  readonly train: readonly string[];
  readonly validation: readonly string[];
}

/**
 * The files that the patterns of a project stand for, of the domains that have some.
 *
 * @throws BimixError `missing-files` naming the domain when a pattern matches nothing, `ambiguous-files` when a file is used twice
 */
export async function projectText({ domains, folder }: Project): Promise<readonly DomainText[]> {
  const owner = new Map<string, string>();
  const expanded = async (patterns: readonly string[], name: string, part: string): Promise<readonly string[]> => {
    const files = patterns.length === 0 ? [] : await expandOf(patterns, folder, name);
    for (const file of files) {
      const use = `${part} of "${name}"`;
      const other = owner.get(file);
      if (other !== undefined) {
        throw new BimixError('ambiguous-files', `ambiguous files: ${file} is among the ${other} and the ${use}`, {
          hint: 'Each file belongs to one domain, and either to training or to validation.',
        });
      }
      owner.set(file, use);
    }
    return files;
  };
  const texts: DomainText[] = [];
  for (const domain of domains) {
    const { name, files, train, validation } = domain;
    texts.push({
      domain,
      files: await expanded(files, name, 'files'),
      train: await expanded(train, name, 'training files'),
      validation: await expanded(validation, name, 'validation files'),
    });
  }
  return texts;
}

async function expandOf(patterns: readonly string[], folder: string, name: string): Promise<readonly string[]> {
  try {
    return await expandFiles(patterns, folder);
  } catch (cause) {
    if (!(cause instanceof BimixError)) throw cause;
    const { code, message, hint, where } = cause;
    throw new BimixError(code, `${message}, for domain "${name}"`, { hint, where, cause });
  }
}

/**
 * Tokens of each domain that a run of `tokens` may draw from, so that it repeats data as often as a training of `budget` will:
 * those available x tokens / budget, at least 1.
 */
export function repetitionMatched(
  available: Readonly<Record<string, number>>,
  tokens: number,
  budget: number,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(available).map(([domain, count]) => [domain, Math.max(1, Math.round((count * tokens) / budget))]),
  );
}
