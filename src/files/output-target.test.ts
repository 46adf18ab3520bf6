import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkOutputFile, writeWholeFile } from './write-file.ts';

const isRoot = process.getuid?.() === 0;

let folder: string;
const at = (name: string): string => path.join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bimix-target-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a file', () => {
  test('that is there keeps its mode, and its owner where root writes', async () => {
    writeFileSync(at('a'), 'old');
    chmodSync(at('a'), 0o640);
    if (isRoot) chownSync(at('a'), 1234, 2345);
    await writeWholeFile(at('a'), 'new');
    const { mode, uid, gid } = statSync(at('a'));
    expect(mode & 0o7777).toBe(0o640);
    if (isRoot) expect([uid, gid]).toEqual([1234, 2345]);
  });

  test('with a name of 255 bytes is written; a longer one is refused in words', async () => {
    const longest = 'é'.repeat(127);
    await writeWholeFile(at(`${longest}x`), 'new');
    expect(readdirSync(folder)).toEqual([`${longest}x`]);
    await expect(writeWholeFile(at(`${longest}xy`), 'new')).rejects.toMatchObject({
      code: 'invalid-output',
      message: expect.stringMatching(/its name is too long$/),
    });
  });

  test('that is a folder is refused before and after', async () => {
    mkdirSync(at('a'));
    for (const write of [checkOutputFile(at('a')), writeWholeFile(at('a'), 'x')]) {
      await expect(write).rejects.toMatchObject({
        code: 'invalid-output',
        message: `invalid output file ${at('a')}: it is a folder`,
      });
    }
  });

  test.skipIf(isRoot)('that is read-only is left alone', async () => {
    writeFileSync(at('a'), 'old', { mode: 0o444 });
    await expect(writeWholeFile(at('a'), 'new')).rejects.toMatchObject({ code: 'invalid-output' });
    expect(readFileSync(at('a'), 'utf8')).toBe('old');
  });
});

describe('a symbolic link', () => {
  test('stays one: the file it leads to is replaced, or made', async () => {
    mkdirSync(at('real'));
    symlinkSync('real', at('linked'));
    writeFileSync(at('real/a'), 'old');
    symlinkSync('linked/a', at('first'));
    symlinkSync('first', at('second'));
    symlinkSync('real/new', at('dangling'));
    await writeWholeFile(at('second'), 'new');
    await writeWholeFile(at('dangling'), 'made');
    expect(readFileSync(at('real/a'), 'utf8')).toBe('new');
    expect(readFileSync(at('real/new'), 'utf8')).toBe('made');
    expect([readlinkSync(at('second')), readlinkSync(at('dangling'))]).toEqual(['first', 'real/new']);
    expect(readdirSync(at('real')).sort()).toEqual(['a', 'new']);
  });

  test('in a circle is refused', async () => {
    symlinkSync('b', at('a'));
    symlinkSync('a', at('b'));
    await expect(writeWholeFile(at('a'), 'x')).rejects.toMatchObject({
      message: expect.stringMatching(/in a circle$/),
    });
  });
});

describe('what is no file is written into', () => {
  test('a FIFO', async () => {
    execFileSync('mkfifo', [at('fifo')]);
    const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i}\n`);
    const reader = execFileReading(`cat ${at('fifo')}`);
    await writeWholeFile(at('fifo'), lines);
    expect(await reader).toBe(lines.join(''));
    expect(lstatSync(at('fifo')).isFIFO()).toBe(true);
  });

  test('a socket', async () => {
    let received = '';
    const server = createServer(socket => socket.on('data', data => (received += String(data))));
    await new Promise<void>(done => server.listen(at('socket'), done));
    await writeWholeFile(at('socket'), 'text');
    await new Promise(done => server.close(done));
    expect(received).toBe('text');
  });

  test.skipIf(!isRoot || !canMakeDevices())('a device, and a full one says so', async () => {
    execFileSync('mknod', [at('null'), 'c', '1', '3']);
    execFileSync('mknod', [at('full'), 'c', '1', '7']);
    symlinkSync('null', at('link'));
    await writeWholeFile(at('link'), 'text');
    expect(lstatSync(at('null')).isCharacterDevice()).toBe(true);
    await expect(writeWholeFile(at('full'), 'text')).rejects.toMatchObject({
      code: 'invalid-output',
      message: `invalid output file ${at('full')}: the disk is full`,
    });
    expect(readdirSync(folder).sort()).toEqual(['full', 'link', 'null']);
  });

  test('an open descriptor, where its position is', async () => {
    const descriptor = openSync(at('a'), 'w');
    writeFileSync(descriptor, 'first ');
    await writeWholeFile(`/dev/fd/${descriptor}`, 'second');
    await writeWholeFile(`/proc/self/fd/${descriptor}`, [' ', 'third']);
    closeSync(descriptor);
    expect(readFileSync(at('a'), 'utf8')).toBe('first second third');
  });
});

function canMakeDevices(): boolean {
  const probe = mkdtempSync(path.join(tmpdir(), 'bimix-device-'));
  try {
    execFileSync('mknod', [path.join(probe, 'null'), 'c', '1', '3'], { stdio: 'ignore' });
    writeFileSync(path.join(probe, 'null'), 'x');
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true });
  }
}

async function execFileReading(command: string): Promise<string> {
  const { exec } = await import('node:child_process');
  return new Promise((done, fail) => exec(command, (error, out) => (error ? fail(error) : done(out))));
}
