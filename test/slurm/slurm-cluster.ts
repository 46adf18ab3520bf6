/** A real Slurm cluster of two nodes on this machine's loopback: for root on Debian and its kin, without systemd. */

import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel', 'scontrol', 'sinfo'];
const PACKAGES = ['slurmctld', 'slurmd', 'slurm-client', 'munge'];

/**
 * Starts a cluster, after installing Slurm when it is not there and apt-get can do it.
 *
 * @returns or why there is none, which it also says on the console
 */
export async function clusterIfPossible(options: ClusterOptions = {}): Promise<SlurmCluster | string> {
  const trouble =
    installSlurm() ??
    (await SlurmCluster.start(options).catch((error: Error) => `it does not start: ${error.message}`));
  if (typeof trouble === 'string') console.warn(`Skipped: tests against a real Slurm: ${trouble}`);
  return trouble;
}

/** @returns why there is none; null when there is */
function installSlurm(): string | null {
  if (process.platform !== 'linux') return 'the test cluster needs Linux';
  if (process.getuid?.() !== 0) return 'the daemons of the test cluster need root';
  if (missingProgram() === undefined) return null;
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 180_000 };
  spawnSync('apt-get', ['update', '-qq'], quiet);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], quiet);
  const missing = missingProgram();
  return missing === undefined ? null : `${missing} is not installed, and apt-get cannot install it`;
}

function missingProgram(): string | undefined {
  return PROGRAMS.find(program => spawnSync('which', [program]).status !== 0);
}

export interface ClusterOptions {
  /** Default 1001, which is Slurm's. */
  readonly maxArraySize?: number;
}

export type NodeName = 'n1' | 'n2';
const NODES: readonly NodeName[] = ['n1', 'n2'];
const CORES = 4;
const GPUS = 2;

export class SlurmCluster {
  /** What its commands need: `SLURM_CONF`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.environment = { SLURM_CONF: path.join(folder, 'slurm.conf') };
  }

  /** Two idle nodes with four cores and two GPUs each, about a second from now. */
  static async start({ maxArraySize = 1001 }: ClusterOptions = {}): Promise<SlurmCluster> {
    const folder = mkdtempSync(path.join(tmpdir(), 'bimix-slurm-'));
    for (const name of ['state', 'log', 'run', ...NODES]) mkdirSync(path.join(folder, name));
    const cluster = new SlurmCluster(folder);
    try {
      await cluster.#start(maxArraySize);
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async #start(maxArraySize: number): Promise<void> {
    await this.#configure(maxArraySize);
    const run = (name: string) => path.join(this.#folder, 'run', name);
    writeFileSync(run('munge.key'), randomBytes(1024), { mode: 0o600 });
    this.command(
      'munged',
      '--force',
      `--key-file=${run('munge.key')}`,
      `--socket=${run('munge.sock')}`,
      `--pid-file=${run('munged.pid')}`,
      `--seed-file=${run('munge.seed')}`,
      `--log-file=${run('munged.log')}`,
    );
    this.command('slurmctld', '-c');
    for (const node of NODES) this.startNode(node);
    await this.#until(() => this.command('sinfo', '-h', '-t', 'idle', '-o', '%D').trim() === '2');
  }

  async #configure(maxArraySize: number): Promise<void> {
    const at = (...names: string[]) => path.join(this.#folder, ...names);
    const [controller, ...ports] = await freePorts(1 + NODES.length);
    const gpus = Array.from({ length: GPUS }, (_, n) => at(`gpu${n}`));
    // Devices that swallow everything stand for GPUs: Slurm wants character devices.
    for (const gpu of gpus) execFileSync('mknod', [gpu, 'c', '1', '3']);
    writeFileSync(at('gres.conf'), `NodeName=n[1-2] Name=gpu File=${at(`gpu[0-${GPUS - 1}]`)}\n`);
    const settings = {
      ClusterName: 'loopback',
      SlurmctldHost: 'localhost(127.0.0.1)',
      SlurmctldPort: controller,
      SlurmUser: 'root',
      // A requeued job waits until its credential has expired: five seconds instead of two minutes.
      AuthInfo: `socket=${at('run', 'munge.sock')},cred_expire=5`,
      StateSaveLocation: at('state'),
      SlurmdSpoolDir: at('%n'),
      SlurmctldPidFile: at('run', 'slurmctld.pid'),
      SlurmdPidFile: at('run', 'slurmd-%n.pid'),
      SlurmctldLogFile: at('log', 'slurmctld.log'),
      SlurmdLogFile: at('log', 'slurmd-%n.log'),
      // Takes the cores that are claimed below for real.
      SlurmdParameters: 'config_overrides',
      ProctrackType: 'proctrack/linuxproc',
      TaskPlugin: 'task/none',
      MpiDefault: 'none',
      CommunicationParameters: 'NoInAddrAny,NoCtldInAddrAny',
      SelectType: 'select/cons_tres',
      SelectTypeParameters: 'CR_Core',
      SchedulerParameters: 'batch_sched_delay=0,sched_interval=1,bf_interval=1',
      ReturnToService: 2,
      SlurmdTimeout: 5,
      KillWait: 2,
      MaxArraySize: maxArraySize,
      GresTypes: 'gpu',
    };
    const nodes = NODES.map(
      (node, n) =>
        `NodeName=${node} NodeHostname=localhost NodeAddr=127.0.0.1 Port=${ports[n]} CPUs=${CORES} RealMemory=4000 Gres=gpu:${GPUS}`,
    );
    const partition = 'PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP';
    const lines = [...Object.entries(settings).map(([name, value]) => `${name}=${value}`), ...nodes, partition];
    writeFileSync(at('slurm.conf'), `${lines.join('\n')}\n`);
  }

  startNode(node: NodeName): void {
    this.command('slurmd', '-N', node);
  }

  /** Ends a node as a power cut would: its daemon, what looks after its jobs, the jobs and their children. */
  killNode(node: NodeName): void {
    this.cutOff(node);
    const jobs = this.#processes(environment => environment.includes(`SLURMD_NODENAME=${node}`));
    const keepers = jobs.map(parentOf).filter(pid => nameOf(pid) === 'slurmstepd');
    for (const pid of [...keepers, ...jobs]) kill(pid, 'SIGKILL');
  }

  /** Ends a node's daemon alone, as if the node had lost its network: its jobs go on, and nobody knows. */
  cutOff(node: NodeName): void {
    kill(Number(readFileSync(path.join(this.#folder, 'run', `slurmd-${node}.pid`), 'utf8')), 'SIGKILL');
  }

  /** What Slurm finds out by itself after `SlurmdTimeout` and its next ping, some 25 seconds later. */
  declareDown(node: NodeName): void {
    this.command('scontrol', 'update', `nodename=${node}`, 'state=down', 'reason=killed');
  }

  /** Path of one of its commands. */
  which(program: string): string {
    return this.command('which', program).trim();
  }

  /** Ends all jobs. */
  cancelAll(): void {
    spawnSync('scancel', ['-u', 'root'], { env: { ...process.env, ...this.environment }, timeout: 5000 });
  }

  /** Nothing of it is left afterwards, not even what a dead node left behind. */
  async stop(): Promise<void> {
    this.cancelAll();
    await pause(200);
    const named = (...names: string[]) => this.#processes(() => true).filter(pid => names.includes(nameOf(pid) ?? ''));
    const daemons = named('munged', 'slurmctld', 'slurmd');
    for (const pid of daemons) kill(pid, 'SIGTERM');
    await this.#until(() => !daemons.some(isAlive)).catch(() => {});
    for (const pid of daemons) kill(pid, 'SIGKILL');
    const jobs = this.#processes(environment => environment.some(word => word.startsWith('SLURM_JOB_ID=')));
    for (const pid of [...named('slurmstepd'), ...jobs]) kill(pid, 'SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Processes of this cluster, by their environment. */
  #processes(test: (environment: readonly string[]) => boolean): number[] {
    return readdirSync('/proc').flatMap(name => {
      if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
      try {
        const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
        const isOurs = environment.includes(`SLURM_CONF=${this.environment.SLURM_CONF}`);
        return isOurs && test(environment) ? [Number(name)] : [];
      } catch {
        return [];
      }
    });
  }

  /** Runs one of Slurm's commands. */
  command(program: string, ...args: readonly string[]): string {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      encoding: 'utf8',
      env: { ...process.env, ...this.environment },
    });
    if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr}`);
    return stdout;
  }

  async #until(condition: () => boolean): Promise<void> {
    for (let n = 0; n < 400; n++) {
      if (condition()) return;
      await pause(50);
    }
    throw new Error(`Slurm is not ready: ${readFileSync(path.join(this.#folder, 'log', 'slurmctld.log'), 'utf8')}`);
  }
}

/** By /proc/PID/stat: the number, the name in brackets, the state, the parent. */
const parentOf = (pid: number): number => Number(/\) \w (\d+)/.exec(statOf(pid))?.[1]);
const nameOf = (pid: number): string | undefined => /\((.*)\)/.exec(statOf(pid))?.[1];

function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

const isAlive = (pid: number): boolean => /\) [^ZX] /.test(statOf(pid));

/** Ports that nobody listens on, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>(resolve => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map(server => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  });
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}
