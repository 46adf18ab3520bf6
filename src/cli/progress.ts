/** Progress of a command's work in words, and work that shows it. */

import type { CountingProgress } from '../counting/index.ts';
import { formatQuantity } from '../mixture/index.ts';
import { startLine } from './progress-line.ts';
import { TimeLeft } from './time-left.ts';

/** Says that `done` of `total` units are done. */
export type OnProgress = (done: number, total: number) => void;

/** Does work under a line of progress. @param what is being done, for example `fitting bimix` */
export async function withProgress<T>(what: string, work: (onProgress: OnProgress) => T | Promise<T>): Promise<T> {
  const line = startLine(what);
  const time = new TimeLeft();
  time.after(0, 1, 1);
  try {
    return await work((done, total) => {
      const left = time.after(done, total, 1);
      line.show(`${what}: ${done} of ${total}${left === undefined || done >= total ? '' : `, ${duration(left)} left`}`);
    });
  } finally {
    line.end();
  }
}

/** Says what is being done, and how far it is; a total of 0 where that is not known. */
export type OnStep = (step: string, done?: number, total?: number) => void;

/** Does work of several steps under one line of progress, which names the step. */
export async function withSteps<T>(work: (onStep: OnStep) => Promise<T>): Promise<T> {
  const line = startLine('');
  let current = '';
  let time = new TimeLeft();
  try {
    return await work((step, done = 0, total = 0) => {
      if (step !== current) {
        current = step;
        time = new TimeLeft();
        time.after(0, 1, 1);
      }
      const left = total === 0 ? undefined : time.after(done, total, 1);
      const reached = total === 0 ? '' : `: ${done} of ${total}`;
      line.show(`${step}${reached}${left === undefined || done >= total ? '' : `, ${duration(left)} left`}`);
    });
  } finally {
    line.end();
  }
}

/** `counting books: 1.2B tokens, 45M tokens/s, 12 of 40 parts, 3 min left` */
export function rateLine({ domain, tokens, tokensPerSecond, secondsLeft, partsDone, parts }: CountingProgress): string {
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft * 1000)} left`;
  return `counting ${domain}: ${formatQuantity(tokens)} tokens, ${formatQuantity(tokensPerSecond)} tokens/s, ${partsDone} of ${parts} parts${left}`;
}

/** `12 s`, `3 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
