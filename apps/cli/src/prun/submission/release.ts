import { accepted, type Outcome, refused } from '../outcome.js';

/** Software of a job. All empty: none, the job brings what it needs. */
export interface Release {
  /** `Atlas-21.2.10`, or empty. */
  readonly transUses: string;
  /** `-AnalysisBase_21.2.10`, or empty. */
  readonly cache: string;
  /** Platform, e.g. `x86_64-centos7-gcc11-opt`; undefined when nothing asks for one. */
  readonly platform: string | undefined;
}

interface Tag {
  readonly version: string;
  readonly cache: string;
}

/** The release that `--athenaTag` names, e.g. `AnalysisBase,22.2.100`. panda-client:pandaclient/AthenaUtils.py@749e856 */
export function parseRelease(athenaTag: string, platform: string | undefined): Outcome<Release> {
  if (athenaTag === '') return accepted({ transUses: '', cache: '', platform });
  const items = athenaTag.split(',');
  const bits = items.find((item) => item === '32' || item === '64');
  if (bits !== undefined) return refused(`${bits} in --athenaTag is gone, use --cmtConfig`);
  const tag = items.reduce((sum, item) => withItem(sum, item, items), { version: '', cache: '' });
  const { version, cache } = completed(tag, items);
  if (platform === undefined && (version !== '' || cache !== '')) {
    return refused('the platform of the software is unknown: set CMTCONFIG or give --cmtConfig');
  }
  return accepted({ transUses: version, cache, platform });
}

function withItem(tag: Tag, item: string, all: readonly string[]): Tag {
  const release = /^\d+\.\d+\.\d+/.exec(item)?.[0];
  if (release !== undefined) {
    const isCache = /^\d+\.\d+\.\d+\.\d+\.*\d*$/.test(item);
    return { version: `Atlas-${release}`, cache: `${tag.cache}_${isCache ? item : release}` };
  }
  if (/^(\d+\.\d+\.X|\d+\.X\.\d+|\d+\.\d+)$/.test(item) || item.startsWith('master') || item === 'main') {
    return { ...tag, version: `Atlas-${item}` };
  }
  if (item.startsWith('rel_')) {
    const branch = all.find((one) => one === 'dev') ?? all.find((one) => one === 'devval');
    return { version: branch === undefined ? tag.version : `Atlas-${branch}`, cache: `-AtlasOffline_${item}` };
  }
  if (item === 'latest' || item === 'r27' || /^\d{4}-\d{2}-\d{2}T\d{4}$/.test(item))
    return { ...tag, cache: `${tag.cache}_${item}` };
  return item === 'AtlasOffline' ? tag : { ...tag, cache: `-${item}${tag.cache}` };
}

function completed(tag: Tag, items: readonly string[]): Tag {
  const nightly = items.some((item) => item.startsWith('rel_'));
  const named = withProject(tag);
  return nightly && named.version === '' ? { ...named, version: 'Atlas-dev' } : named;
}

function withProject(tag: Tag): Tag {
  if (/^-.+_.+$/.test(tag.cache)) return tag;
  if (/^_\d+\.\d+\.\d+\.\d+$/.test(tag.cache)) return { ...tag, cache: `-AtlasProduction${tag.cache}` };
  if (/AthAnalysis/.test(tag.cache)) return { version: '', cache: `${tag.cache}_${tag.version}` };
  return { ...tag, cache: '' };
}
