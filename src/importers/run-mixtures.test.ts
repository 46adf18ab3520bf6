import { describe, expect, test } from 'vitest';
import { fileOf } from '../../test/importing.ts';
import { possibleNames, runNamesOfPath } from './logged-losses.ts';
import { readRunMixtures } from './run-mixtures.ts';

const LOG = fileOf('a.log', 'x');

describe('mixtures of logged runs', () => {
  test('are read from columns called like shares, or like the domains', async () => {
    const tables = [
      ['run,note,weight_web,weight_code', 'a,first,0.8,0.2'],
      ['run,name,index,web,code', 'a,first,0,0.8,0.2'],
      ['{"run": "a", "mixture": {"web": 0.8, "code": 0.2}}'],
    ];
    for (const lines of tables) {
      const { trainingDomains, byRun } = await readRunMixtures([fileOf('m', lines)], LOG);
      expect(trainingDomains).toEqual(['web', 'code']);
      expect(Array.from(byRun.get('a')?.shares ?? [])).toEqual([0.8, 0.2]);
    }
  });

  test('come from several tables whose columns stand in any order, with the facts of each run', async () => {
    const tables = [
      fileOf('m.csv', ['run,size,seed,web,code', 'a,70M,1,0.8,0.2']),
      fileOf('n.csv', ['run,size,seed,code,web', 'b,70M,2,0.6,0.4']),
    ];
    const { byRun } = await readRunMixtures(tables, LOG);
    expect(byRun.get('b')).toMatchObject({ facts: { size: 70e6, seed: 2 }, where: { file: 'n.csv', line: 2 } });
    expect(Array.from(byRun.get('b')?.shares ?? [])).toEqual([0.4, 0.6]);
  });
});

describe('names of runs', () => {
  test('come from the file without its ending, then from the folders, the nearest first', () => {
    expect(runNamesOfPath('logs/small-1.csv.gz')).toEqual(['small-1', 'small-1.csv', 'logs']);
    expect(runNamesOfPath('./runs/w0.5/out.log')).toEqual(['out', 'out.log', 'w0.5', 'runs']);
    expect(runNamesOfPath('lr-0.5')).toEqual(['lr-0.5']);
    expect(runNamesOfPath('C:\\runs\\a\\log.txt')).toEqual(['log', 'log.txt', 'a', 'runs', 'C:']);
  });

  test('are shown four at most', () => {
    expect(possibleNames(['a', 'b', 'c', 'd', 'e'])).toBe('"a" or "b" or "c" or "d"');
  });
});
