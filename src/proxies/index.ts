export type { LearningRate, ProxyDomain, ProxyRun } from './proxy-run.ts';
