/** The folder of a decision: its page and the files of each step, from any of which one can go on. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Decision } from '../decide/index.ts';
import { type Comparison, comparisonJson, parseComparisons } from '../evidence/index.ts';
import { exporterOfFile } from '../exporters/index.ts';
import { bimixVersion, checkOutputFile, makeFolder, readInputFile, writeWholeFile } from '../files/index.ts';
import { type FittedLaw, formatLaws, parseLaws } from '../laws/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { formatRuns, type RunTable } from '../observations/index.ts';
import { exportProposal } from './proposal-export.ts';

/** What the comparison and the law depend on, beside the runs. */
export type DecisionBasis = Readonly<Record<string, unknown>>;

/** What an earlier decision on the same basis left. */
export interface KeptSteps {
  readonly comparison?: Comparison;
  readonly fitted?: FittedLaw;
}

/** SHA-256 of what the steps were made from, and of what they wrote: a file that was changed since is made again. */
interface Made {
  readonly key: string;
  readonly comparison?: string;
  readonly law?: string;
}

export interface StepCommand {
  /** What it does, for example `the optimum under other limits`. */
  readonly what: string;
  readonly command: string;
}

export class DecisionFolder {
  readonly version = bimixVersion();
  readonly folder: string;
  readonly page: string;
  #made: Made = { key: '' };

  private constructor(folder: string, page: string) {
    this.folder = folder;
    this.page = page;
  }

  /**
   * Makes the folder.
   *
   * @param output a folder, or a page that ends in .html
   * @throws BimixError `invalid-output`
   */
  static async at(output: string): Promise<DecisionFolder> {
    const isPage = /\.html?$/i.test(output);
    const folder = isPage ? output.replace(/\.html?$/i, '') : output;
    const page = isPage ? output : path.join(output, 'report.html');
    await makeFolder(folder);
    await checkOutputFile(page);
    return new DecisionFolder(folder, page);
  }

  #at(name: string): string {
    return path.join(this.folder, name);
  }

  get files(): Readonly<Record<string, string>> {
    return {
      report: this.page,
      mixture: this.#at('mixture.yaml'),
      runs: this.#at('runs.jsonl'),
      comparison: this.#at('comparison.json'),
      law: this.#at('law.json'),
      decision: this.#at('decision.json'),
    };
  }

  /** Writes the runs, and reads what an earlier decision on the same runs and settings left as it was. */
  async open(table: RunTable, basis: DecisionBasis): Promise<KeptSteps> {
    const hash = createHash('sha256').update(JSON.stringify([this.version, basis]));
    for (const part of formatRuns(table)) hash.update(part);
    const key = hash.digest('hex');
    const before = await this.#before();
    this.#made = { key };
    await writeWholeFile(this.files.runs, formatRuns(table));
    if (before.key !== key) return {};
    const comparison = await unchanged(this.files.comparison, before.comparison);
    if (comparison === undefined) return {};
    const law = await unchanged(this.files.law, before.law);
    this.#made = { key, comparison: digest(comparison), ...(law === undefined ? {} : { law: digest(law) }) };
    return {
      comparison: parseComparisons(comparison, this.files.comparison)[0],
      ...(law === undefined ? {} : { fitted: parseLaws(law, this.files.law)[0] }),
    };
  }

  async #before(): Promise<Partial<Made>> {
    if (!existsSync(this.files.decision)) return {};
    try {
      return JSON.parse((await readInputFile(this.files.decision)).text()).basis ?? {};
    } catch {
      // Cut short, or something else: everything is made again.
      return {};
    }
  }

  async writeComparison(comparison: Comparison): Promise<void> {
    const text = `${JSON.stringify(comparisonJson([comparison]), null, 2)}\n`;
    await writeWholeFile(this.files.comparison, text);
    this.#made = { key: this.#made.key, comparison: digest(text) };
    await this.#writeState();
  }

  async writeLaw(fitted: FittedLaw): Promise<void> {
    const text = formatLaws([fitted]);
    await writeWholeFile(this.files.law, text);
    this.#made = { ...this.#made, law: digest(text) };
    await this.#writeState();
  }

  async #writeState(decision: object = {}): Promise<void> {
    const content = { kind: 'bimix-decision', schemaVersion: 1, version: this.version, basis: this.#made, ...decision };
    await writeWholeFile(this.files.decision, `${JSON.stringify(content, null, 2)}\n`);
  }

  /** @param date ISO date */
  async writeMixture({ fitted, proposal }: Decision, date: string): Promise<void> {
    const { text } = exportProposal(exporterOfFile(this.files.mixture), fitted, proposal, date);
    await writeWholeFile(this.files.mixture, text);
  }

  async writePage(page: string): Promise<void> {
    await writeWholeFile(this.page, page);
  }

  /** @param decision as printed with --json */
  async close(decision: object): Promise<void> {
    await this.#writeState(decision);
  }

  /** Where everything is, and how to go on from there. */
  describe(commands: readonly StepCommand[]): string {
    const width = Math.max(...commands.map(({ what }) => what.length));
    return [
      `In ${this.folder}: ${Object.values(this.files)
        .filter(name => name !== this.page)
        .map(name => path.basename(name))
        .join(', ')}. Go on from there:`,
      ...commands.map(({ what, command }) => `  ${what.padEnd(width)}  ${command}`),
    ].join('\n');
  }

  /** The commands that make each file again: from any of them one can go on. */
  commands(paths: readonly string[], { fitted, proposal, comparison }: Decision): StepCommand[] {
    const { runs, law, mixture } = this.files;
    const { value, unit } = proposal.volume;
    const volume = value === null || unit === 'none' ? '' : ` --${unit} ${formatQuantity(value)}`;
    const laws = comparison.laws.flatMap(({ law: name, kind }) => (kind === 'law' ? [name] : [])).join(',');
    return [
      { what: 'other repairs or units', command: `bimix import ${paths.map(quoted).join(' ')} -o ${quoted(runs)}` },
      { what: 'more laws', command: `bimix compare ${quoted(runs)} --laws ${laws},stack` },
      { what: 'another law', command: `bimix fit ${quoted(runs)} --law ${fitted.law} -o ${quoted(law)}` },
      { what: 'other limits', command: `bimix optimize ${quoted(law)}${volume} --interval 90 -o ${quoted(mixture)}` },
      { what: 'more runs', command: `bimix next ${quoted(runs)}${volume} -o next.csv` },
      { what: 'a trainer', command: `bimix export ${quoted(mixture)} --to megatron` },
    ];
  }
}

/** The text of a file that is still as it was written. */
async function unchanged(file: string, sha256: string | undefined): Promise<string | undefined> {
  if (sha256 === undefined || !existsSync(file)) return undefined;
  const text = (await readInputFile(file)).text();
  return digest(text) === sha256 ? text : undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** For a shell. */
function quoted(name: string): string {
  return /^[\w./@%+=:,-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
