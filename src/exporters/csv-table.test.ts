import { expect, test } from 'vitest';
import { inputFile, readDataTable } from '../files/index.ts';
import { csvTable } from './csv-table.ts';

test('names that spreadsheets would take for formulas are marked as text, and read back as they were', async () => {
  const names = ['=1+1', '+a', '-b', '@c', "'=d", '\tx', "it's", 'a=b'];
  const text = csvTable([['name', 'number'], ...names.map((name, i): [string, number] => [name, -i / 2])]);
  expect(text.split('\n').slice(1, 5)).toEqual(["'=1+1,0", "'+a,-0.5", "'-b,-1", "'@c,-1.5"]);
  const table = await readDataTable(inputFile('t.csv', Buffer.from(text)));
  expect(names.map((_, row) => table.cell(row, 0))).toEqual(names);
});
