import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseOptions, withJsonOptions } from '../options/parse.js';
import type { PrunOptions } from '../options/table.js';
import { accepted, type Outcome, refused } from '../outcome.js';
import type { LocalFiles } from '../submission/local-lists.js';
import { prepare } from '../submission/prepare.js';
import { hasNoBuild, type Submission } from '../submission/submission.js';
import { commandLineText, jsonText } from './command-line.js';
import { outputsObjection } from './output-names.js';
import { type MapSurroundings, taskParameters } from './task-parameters.js';

interface Recording {
  readonly files: Record<string, string>;
  readonly cases: { name: string; argv: string[]; map: Record<string, unknown> }[];
}

/** Maps the unmodified panda-client 2.0.2 made from these command lines. */
const recording: Recording = JSON.parse(readFileSync(new URL('../fixtures/recorded-maps.json', import.meta.url), 'utf8'));

/** Maps as they went over the wire, one of them of 1.4.93. */
const submitted: { cases: { name: string; version: string; argv: string[]; map: Record<string, unknown> }[] } = JSON.parse(
  readFileSync(new URL('../fixtures/submitted-maps.json', import.meta.url), 'utf8'),
);

const files: LocalFiles = {
  text: (path) => (recording.files[path] === undefined ? refused(`cannot read ${path}`) : accepted(recording.files[path])),
};

function need<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.value;
}

function mapOf(argv: readonly string[], changes: Partial<MapSurroundings> = {}): Record<string, unknown> {
  const given = need(parseOptions(argv)).options;
  const json = given.loadJson === undefined ? undefined : JSON.parse(recording.files[given.loadJson] ?? '');
  const options: PrunOptions = json === undefined ? given : need(withJsonOptions(given, json));
  const submission = need(prepare(options, { files, platform: undefined, uuid: () => '<uuid>' }));
  const map = need(
    taskParameters(submission, {
      archiveName: archiveOf(submission),
      runDir: options.workDir === '..' ? 'sub' : '.',
      usesCmake: false,
      clientVersion: '2.0.2',
      commandLine: commandLineText('prun', argv) + (json === undefined ? '' : jsonText(json)),
      sourceUrl: 'http://localhost:28080',
      osInfo: 'an OS',
      userPlatform: undefined,
      uuid: () => '<uuid>',
      ...changes,
    }),
  );
  expect(outputsObjection(map, false)).toBeUndefined();
  return map;
}

function archiveOf(submission: Submission): string {
  if (submission.tarBallViaDDM !== '') return submission.tarBallViaDDM.split(':')[1] ?? '';
  return `${hasNoBuild(submission) ? 'jobO' : 'sources'}.<uuid>.tar.gz`;
}

describe('a task parameter map equals what the real prun made', () => {
  it.each(recording.cases)('of $name', ({ argv, map }) => {
    const { osInfo, ...ours } = mapOf(argv);
    expect(osInfo).toBe('an OS');
    expect(ours).toEqual(map);
  });

  it.each(submitted.cases)('of $name, as it was sent', ({ argv, version, map }) => {
    const { osInfo: _ours, ...ours } = mapOf(argv, { clientVersion: version });
    expect(ours).toEqual(map);
  });
});
