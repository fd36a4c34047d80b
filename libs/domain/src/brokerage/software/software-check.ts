import type { Queue } from '../../queue/queue.js';
import type { TaskSpec } from '../../task/task-spec.js';
import { type Architecture, parseArchitecture } from './architecture.js';

/** A hardware description: every attribute but `type` is a list of what the queue has. */
export type HardwareList = Readonly<Record<string, readonly string[]>>;

export interface SoftwareTag {
  readonly cmtconfig: string;
  readonly container_name: string;
  readonly project: string;
  readonly release: string;
  readonly sources: readonly string[];
}

/** What one queue publishes. */
export interface PublishedSoftware {
  readonly cmtconfigs: readonly string[];
  readonly containers: readonly string[];
  readonly cvmfs: readonly string[];
  readonly cpu: HardwareList | null;
  readonly gpu: HardwareList | null;
  readonly tags: readonly SoftwareTag[];
}

/** By queue; `ALL` resolves container names to their sources. */
export type SoftwareCatalogue = ReadonlyMap<string, PublishedSoftware>;

const ANY = 'any';
const EXCLUSIVE = 'excl';
const CVMFS = '/cvmfs';
const ALL_QUEUES = 'ALL';

/** Reads the JSON that the information system publishes; unreadable parts count as empty. */
export function parseSoftwareCatalogue(json: Readonly<Record<string, unknown>>): SoftwareCatalogue {
  return new Map(Object.entries(json).map(([name, value]) => [name, published(recordOf(value))]));
}

function published(data: Readonly<Record<string, unknown>>): PublishedSoftware {
  const hardware = listOf(data.architectures).map(recordOf);
  const of = (type: string) => {
    const found = hardware.find((h) => h.type === type);
    return found === undefined
      ? null
      : Object.fromEntries(
          Object.entries(found)
            .filter(([, v]) => Array.isArray(v))
            .map(([k, v]) => [k, words(v)]),
        );
  };
  const tags = listOf(data.tags).map(recordOf);
  return {
    cmtconfigs: words(data.cmtconfigs),
    containers: words(data.containers),
    cvmfs: words(data.cvmfs),
    cpu: of('cpu'),
    gpu: of('gpu'),
    tags: tags.map((tag) => ({
      cmtconfig: String(tag.cmtconfig ?? ''),
      container_name: String(tag.container_name ?? ''),
      project: String(tag.project ?? ''),
      release: String(tag.release ?? ''),
      sources: words(tag.sources),
    })),
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const words = (value: unknown): readonly string[] => listOf(value).map(String);
const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/**
 * Undefined when the queue has what the task needs, else what is lacking. Queues with `ANY` are trusted, with `AUTO` their published list
 * decides, with a list of releases the release must be in it; queues that say nothing are trusted.
 * Spec: Brokerage › Release/cache Availability Check for releases=AUTO.
 */
export function softwareAvailable(task: TaskSpec, queue: Queue, catalogue: SoftwareCatalogue): string | undefined {
  const architecture = parseArchitecture(task.architecture);
  const list = queue.releases.includes('AUTO') ? catalogue.get(queue.name) : undefined;
  if (list !== undefined) return lackingHardware(architecture, list) ?? lackingSoftware(task, architecture, list, catalogue);
  if (queue.releases.length === 0) return undefined;
  if (queue.releases.includes('ANY') || queue.releases.includes('AUTO')) {
    const tagged = task.containerName !== null && task.splitRule.get('onlyTagsForFC');
    return tagged || architecture.cpu || architecture.gpu ? 'published list' : undefined;
  }
  const release = softwareOf(task).release;
  return release === null || queue.releases.includes(release) ? undefined : `release ${release}`;
}

function lackingHardware(task: Architecture, queue: PublishedSoftware): string | undefined {
  return lackingUnit('cpu', task.cpu, queue.cpu) ?? lackingUnit('gpu', task.gpu, queue.gpu);
}

/** Attribute by attribute: what is asked must be listed (or `any`); what is not asked must not be exclusive. */
function lackingUnit(kind: string, asked: Readonly<Record<string, string>> | null, has: HardwareList | null): string | undefined {
  if (asked === null) return Object.values(has ?? {}).some((list) => list.includes(EXCLUSIVE)) ? `${kind} request` : undefined;
  if (has === null) return kind;
  for (const [attribute, value] of Object.entries(asked)) {
    const list = has[attribute];
    const refused = value === '*' ? list?.includes(EXCLUSIVE) : !list?.some((word) => word === value || word === ANY);
    if (refused) return `${kind} ${attribute} ${value}`;
  }
  return undefined;
}

/** Project and release of `transHome`, e.g. `AnalysisTransforms-AthGeneration_21.6.80` or `Athena-21.0.38`; nightlies by their date. */
function softwareOf(task: TaskSpec): { project: string | null; release: string | null; cvmfsTag: string | null } {
  const home = task.transHome;
  if (home === null || home === '') return { project: null, release: null, cvmfsTag: null };
  const nightly = /rel_\d+(\n|$)/.test(home) || /\d{4}-\d{2}-\d{2}T\d{4}$/.test(home);
  const [project = null, release = null] = home.split('-');
  return nightly ? { project: null, release: null, cvmfsTag: 'nightlies' } : { project, release, cvmfsTag: 'atlas' };
}

function lackingSoftware(
  task: TaskSpec,
  architecture: Architecture,
  list: PublishedSoftware,
  all: SoftwareCatalogue,
): string | undefined {
  if (task.containerName !== null && task.containerName !== '') {
    return containerAvailable(task, task.containerName, list, all) ? undefined : `container ${task.containerName}`;
  }
  const { project, release, cvmfsTag } = softwareOf(task);
  if (cvmfsTag === null) {
    const { platform } = architecture;
    return platform === '' || list.cmtconfigs.includes(platform) ? undefined : `platform ${platform}`;
  }
  const needsContainer = architecture.basePlatform !== null;
  const runsAny = list.containers.includes(ANY) || list.containers.includes(CVMFS);
  if (list.cvmfs.includes(ANY) || list.cvmfs.includes(cvmfsTag)) {
    if (runsAny || (!needsContainer && list.cmtconfigs.includes(architecture.platform))) return undefined;
    return `platform ${architecture.platform}`;
  }
  const fits = (tag: SoftwareTag) =>
    tag.cmtconfig === architecture.platform && tag.project === project && tag.release === release;
  return (!needsContainer || list.containers.includes(ANY)) && list.tags.some(fits)
    ? undefined
    : `release ${release ?? cvmfsTag}`;
}

function containerAvailable(task: TaskSpec, name: string, list: PublishedSoftware, all: SoftwareCatalogue): boolean {
  if (list.tags.some((tag) => tag.container_name === name || tag.sources.includes(name))) return true;
  if (task.splitRule.get('onlyTagsForFC')) return false;
  if (list.containers.includes(ANY) || list.containers.includes(CVMFS)) return true;
  const resolved = all.get(ALL_QUEUES)?.tags.flatMap((tag) => (tag.container_name === name ? tag.sources : [])) ?? [];
  return list.containers.some((prefix) => [name, ...resolved].some((path) => path.startsWith(prefix)));
}
