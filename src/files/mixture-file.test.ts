import { describe, expect, test } from 'vitest';
import { mixtureToRecord } from '../mixture/index.ts';
import { inputFile } from './input-file.ts';
import { type MixtureFileOptions, mixtureOfFile } from './mixture-file.ts';

function read(name: string, content: string, options: MixtureFileOptions = {}): Record<string, number> {
  return mixtureToRecord(mixtureOfFile(inputFile(name, new TextEncoder().encode(content)), options));
}

const WEB_CODE = { web: 0.6, code: 0.4 };

describe("bimix's own forms", () => {
  test.each([
    ['m.yaml', '# shares of tokens\nweb: 0.6\ncode: 0.4\n'],
    ['m.yaml', 'mixture:\n  web: 0.6\n  code: 0.4\nlaw: bimix\n'],
    ['m.yaml', 'about:\n  seed: 0\nmixture:\n  web: 60\n  code: 40\ntokens:\n  web: 6\n  code: 4\n'],
    ['m.yaml', 'web: 60%\ncode: 40 %\n'],
    ['m.json', '{"web": 0.6, "code": 0.4}'],
    ['m.json', '\uFEFF{"mixture": {"web": 0.6, "code": 0.4}, "seed": 1}'],
    ['m.csv', '# shares of tokens, by law\ndomain,proportion\nweb,0.6\ncode,0.4\n'],
    ['m.csv', 'domain,proportion,tokens\r\nweb,0.6,6\r\ncode,0.4,4\r\n'],
    ['m.csv', 'Domain,Weight\nweb,60%\ncode,40%\n'],
    ['m.csv', 'Domain;Share (%)\nweb;60,0\ncode;40,0\n'],
  ])('%s may hold %j', (name, content) => {
    expect(read(name, content)).toEqual(WEB_CODE);
  });

  test('are normalized within the tolerance and refused outside, with their name', () => {
    const { web, code } = read('m.yaml', 'web: 0.6\ncode: 0.404\n');
    expect(web + code).toBe(1);
    const far = 'web: 0.6\ncode: 0.3\n';
    expect(() => read('far.yaml', far)).toThrow(/invalid mixture "far.yaml": proportions sum to 0.9/);
    expect(read('far.yaml', far, { sumTolerance: 0.2 }).web).toBeCloseTo(2 / 3, 12);
  });
});

describe("trainers' forms", () => {
  test.each([
    ['Megatron-LM, --data-args-path', 'b.txt', '0.6 /data/web_text_document 0.4 /data/code_text_document'],
    [
      'Megatron-LM, a line of a script',
      'b.sh',
      '--data-path 0.6 /data/web_text_document \\\n 0.4 /data/code_text_document',
    ],
    [
      'Megatron-LM, a launch script',
      'train.sh',
      '#!/bin/bash\nARGS="--lr 1e-4: x"\ntorchrun --nproc 8 pretrain.py --data-path 0.6 /data/web_text_document \\\n 0.4 /data/code_text_document --split 99,1,0\n',
    ],
    [
      'Megatron-LM, split by split',
      'b.json',
      '{"train": ["6", "/d/web_text_document", "4", "/d/code_text_document"], "valid": ["/d/v"], "test": null}',
    ],
    ['Megatron-Bridge', 'b.yaml', 'dataset:\n  blend: [[/d/web_text_document, /d/code_text_document], [0.6, 0.4]]\n'],
    ['NeMo', 'n.yaml', 'data:\n  paths: ["30", /d/web_text_document, "20", /d/code_text_document]\n'],
    ['shards told apart by folder', 'b.txt', '3 /d/web/part_0 2 /d/code/part_0'],
    [
      'DoReMi',
      'd.json',
      '{"train_domain_weights": {"web": 3, "code": 2}, "eval_domain_weights": {"web": 1, "code": 1}}',
    ],
    [
      'Levanter',
      'l.yaml',
      'data:\n  configs:\n    web: {id: a}\n    code: {id: b}\n  train_weights: {web: 0.6, code: 0.4}\n',
    ],
    ['Lingua', 'l.yaml', 'steps: 10\ndata:\n  root_dir: data\n  sources:\n    web: 60.0\n    code: 40.0\n'],
    [
      'nanotron',
      'n.yaml',
      'data_stages:\n- name: stable\n  data:\n    dataset:\n      dataset_folder: [/d/web, /d/code]\n      dataset_weights: [0.6, 0.4]\n',
    ],
    ['Hugging Face', 'h.json', '{"datasets": ["web", "code"], "probabilities": [0.6, 0.4], "seed": 42}'],
    ['LlamaFactory', 'l.yaml', 'dataset: web,code\ninterleave_probs: 0.6,0.4\n'],
    [
      'GPT-NeoX',
      'n.yml',
      '{"train-data-paths": ["data/web_text_document", "data/code_text_document"], "train-data-weights": [6, 4], "valid-data-weights": [1, 1]}',
    ],
    [
      'OLMo-core',
      'o.yaml',
      'sources:\n  - {source_name: web, target_ratio: 0.6, paths: [a]}\n  - {source_name: code, target_ratio: 0.4, paths: [b]}\n',
    ],
    [
      'MosaicML',
      'm.yaml',
      'train_loader:\n  dataset:\n    streams:\n      web: {local: a, proportion: 0.6}\n      code: {local: b, proportion: 0.4}\neval_loader:\n  - {label: web}\n',
    ],
    [
      'Energon',
      'e.yaml',
      'splits:\n  train:\n    blend:\n      - {weight: 6, path: ./web}\n      - {weight: 4, path: ./code}\n  val: {path: ./web}\n',
    ],
    [
      'Nemotron',
      'n.json',
      '{"datasets": [{"name": "web", "path": "hf://o/r", "weight": 3}, {"name": "code", "weight": 2}]}',
    ],
    [
      'Fast-LLM',
      'f.yaml',
      'data:\n  datasets:\n    training:\n      datasets: [{type: file, path: web.yaml}, {type: file, path: code.yaml}]\n      weights: [0.6, 0.4]\n',
    ],
    [
      'MaxText',
      'm.json',
      '{"web": {"path": "gs://b/web", "weight": 0.6}, "code": {"path": "gs://b/code", "weight": 0.4}}',
    ],
    ['a list of records', 'p.json', '[{"domain": "web", "proportion": 0.6}, {"domain": "code", "proportion": 0.4}]'],
  ])('%s', (_, name, content) => {
    const mixture = read(name, content);
    expect(Object.keys(mixture)).toEqual(['web', 'code']);
    expect(mixture.web).toBeCloseTo(0.6, 12);
  });

  test('RegMix: the file prefix is no part of the domain', () => {
    const regmix =
      'train:\n  train_the_pile_arxiv: 0.25\n  train_the_pile_github: 0.75\nvalid:\n  valid_the_pile_pile_cc: 1.0\n';
    expect(read('r.yaml', regmix, { domains: ['github', 'arxiv', 'books'] })).toEqual({
      github: 0.75,
      arxiv: 0.25,
      books: 0,
    });
  });

  test.each(['mix.yaml', 'only-mix.yaml'])('olmix, %s: topics are parts of their source', name => {
    const nested =
      'dclm:\n  weight: 0.8\n  software: {weight: 0.625, repetition_factor: 1.0}\n  science: {weight: 0.375}\nwikipedia: {weight: 0.2, repetition_factor: 2.0}\n';
    const text = name === 'mix.yaml' ? `name: m\nmix:\n${nested.replace(/^/gm, '  ')}` : nested;
    const mixture = read(name, text);
    expect(Object.keys(mixture)).toEqual(['dclm/software', 'dclm/science', 'wikipedia']);
    expect(mixture['dclm/software']).toBeCloseTo(0.5, 12);
    expect(read(name, text, { domains: ['wikipedia', 'dclm:science', 'dclm:software'] })['dclm:science']).toBeCloseTo(
      0.3,
      12,
    );
  });
});

describe('names', () => {
  test('are those of the training domains asked for, in their order', () => {
    expect(read('m.yaml', 'Web: 0.6\nCode: 0.4\n', { domains: ['code', 'books', 'web'] })).toEqual({
      code: 0.4,
      books: 0,
      web: 0.6,
    });
  });

  test('may have a prefix in common that the training domains lack', () => {
    const content = 'train_slimpajama_arxiv: 0.6\ntrain_slimpajama_book: 0.4\n';
    expect(read('m.yaml', content, { domains: ['arxiv', 'book'] })).toEqual({ arxiv: 0.6, book: 0.4 });
  });

  test('of several files in one domain add up', () => {
    const blend = '1 /d/web/part_0 1 /d/web/part_1 2 /d/code/part_0';
    expect(read('b.txt', blend, { domains: ['web', 'code'] })).toEqual({ web: 0.5, code: 0.5 });
  });

  test('of weight 0 may be unknown', () => {
    expect(read('m.yaml', 'web: 1\nold: 0\n', { domains: ['web', 'code'] })).toEqual({ web: 1, code: 0 });
  });
});

test.each([
  ['m.yaml', 'web: 0.6\ncode: much\n', 'invalid-share', { line: 2, column: 7 }],
  ['m.yaml', 'mixture:\n  web: 0.6\n  code:\n', 'invalid-share', { line: 3 }],
  ['m.yaml', 'web: 0.6\nweb: 0.4\n', 'invalid-yaml', { line: 2, column: 1 }],
  ['m.yaml', 'web: 0.6\n\tcode: 0.4\n', 'invalid-yaml', { line: 2, column: 1 }],
  ['m.yaml', 'web: *unknown\n', 'invalid-yaml', {}],
  ['m.json', '{"web": 0.6,\n "code" 0.4}', 'invalid-yaml', { line: 2 }],
  ['m.yaml', '', 'unknown-mixture', {}],
  ['m.yaml', '- web\n- code\n', 'unknown-mixture', {}],
  ['m.yaml', 'web: 1.2\ncode: -0.2\n', 'invalid-share', { line: 2 }],
  ['m.yaml', 'web: .inf\ncode: 1\n', 'invalid-share', { line: 1 }],
  ['m.yaml', 'web: 0\ncode: 0\n', 'invalid-mixture', {}],
  [
    'm.yaml',
    'a:\n  dataset: {datasets: [w, c], weights: [1, 1]}\nb:\n  dataset: {datasets: [w, c], weights: [1, 2]}\n',
    'ambiguous-mixture',
    {},
  ],
  ['m.csv', 'domain,colour\nweb,1\n', 'missing-column', { line: 1 }],
  ['m.csv', 'domain,proportion\nweb,0.5\nweb,0.5\n', 'ambiguous-domain', { line: 3 }],
  ['m.csv', 'domain,proportion\nweb,0.5\ncode,x\n', 'invalid-number', { line: 3, column: 6 }],
  ['m.csv', 'domain,proportion\nweb,0.5\ncode,\n', 'missing-value', { line: 3, column: 6 }],
])('%s with %j is refused at its place', (name, content, code, where) => {
  expect(() => read(name, content)).toThrow(
    expect.objectContaining({ name: 'BimixError', code, where: expect.objectContaining({ file: name, ...where }) }),
  );
});

test.each([
  ['web: 0.5\nmath: 0.5\n', 'unknown-domain', 'math'],
  ['books: 0.5\nbook: 0.5\n', 'ambiguous-domain', 'book'],
])('%j does not fit the training domains', (content, code, named) => {
  const domains = ['web', 'Books', 'code'];
  expect(() => read('m.yaml', content, { domains })).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(named) }),
  );
});
