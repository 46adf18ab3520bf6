/** Slurm through its own commands, whose text output has not changed over many versions. */

import { spawn } from 'node:child_process';
import { BimixError } from '../errors/index.ts';

/** One element of an array, as `squeue` shows it. */
export interface SlurmJob {
  /** Number of the element's own job. */
  readonly job: string;
  /** Number of the array. */
  readonly array: string;
  readonly index: number;
  readonly name: string;
  /** In full, for example `OUT_OF_MEMORY`. */
  readonly state: string;
  readonly node: string;
  readonly reason: string;
}

export interface SlurmOutcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

const SLURM_SETTINGS: ReadonlySet<string> = new Set(['SLURM_CONF', 'SLURM_CONF_SERVER', 'SLURM_CLUSTERS', 'SLURM_JWT']);

/**
 * @param input for its standard input
 * @throws BimixError `missing-slurm` when there is no such command
 */
export function runSlurm(command: string, args: readonly string[], input = ''): Promise<SlurmOutcome> {
  return new Promise((resolve, reject) => {
    // In a session of its own: Ctrl-C is for the driver, which sees a submission through before it ends.
    const child = spawn(command, args, { detached: true, env: ownEnvironment() });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', text => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      err += text;
    });
    child.once('error', cause => {
      reject(
        new BimixError('missing-slurm', `missing Slurm: ${command} cannot be started here`, {
          hint: "Run this where Slurm's commands are, such as a login node of the cluster, or run the tasks on this machine (--on local).",
          cause,
        }),
      );
    });
    child.once('close', code => resolve({ exitCode: code ?? 1, out, err: err.trim() }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** Where the driver is itself a job, its jobs must not inherit its Slurm variables. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^SLURMD?_/.test(name) || SLURM_SETTINGS.has(name));
  return Object.fromEntries(kept);
}

/**
 * The jobs of arrays, also those that ended a short while ago; Slurm forgets a job some minutes after its end.
 *
 * @returns null when Slurm does not answer
 */
export async function findJobs(
  by: { readonly arrays: readonly string[] } | { readonly name: string },
): Promise<SlurmJob[] | null> {
  const which = 'name' in by ? ['--name', by.name] : ['--jobs', by.arrays.join(',')];
  const { exitCode, out, err } = await runSlurm('squeue', [
    '-h',
    '-r',
    '-t',
    'all',
    ...which,
    '-o',
    '%A|%F|%K|%j|%T|%N|%r',
  ]);
  // One forgotten job among others is passed over; a single one is an error.
  if (exitCode !== 0 && !/Invalid job id/i.test(err)) return null;
  return out.split('\n').flatMap(line => {
    const [job, array, index, name, state, node, reason] = line.trim().split('|');
    return state === undefined ? [] : [{ job, array, index: Number(index), name, state, node, reason: reason ?? '' }];
  });
}

/**
 * How many jobs an array may have: the largest index is one less.
 *
 * @throws BimixError `missing-slurm` when Slurm does not answer
 */
export async function largestArray(): Promise<number> {
  const { exitCode, out, err } = await runSlurm('scontrol', ['show', 'config']);
  if (exitCode !== 0) throw noAnswer(err);
  const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(out)?.[1] ?? 1001);
  return Math.max(1, size);
}

export function noAnswer(said: string): BimixError {
  return new BimixError(
    'missing-slurm',
    `missing Slurm: its controller does not answer${said === '' ? '' : `: ${said}`}`,
    {
      hint: 'See whether sinfo works here.',
    },
  );
}
