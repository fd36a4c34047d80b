import { accepted, type Outcome, refused } from '../outcome.js';

export interface ArchitectureFacts {
  /** `--architecture`: `<platform>@<OS>#<CPU>&<GPU>` with any part left out, or a JSON object. */
  readonly asked: string;
  /** Platform of the software, from `--cmtConfig` or the environment. */
  readonly platform: string | undefined;
  /** `ALRB_USER_PLATFORM`: operating system and hardware of the user's set-up. */
  readonly userPlatform: string | undefined;
}

/** The task parameter `architecture`; null when nothing is asked for. panda-client:pandaclient/AthenaUtils.py@749e856 */
export function architectureOf(facts: ArchitectureFacts): Outcome<string | null> {
  if (facts.asked.includes('{')) return ofJson(facts);
  const base = /^[^@&#]+/.exec(facts.asked)?.[0];
  const platform = base ?? facts.platform ?? null;
  const hardware = facts.asked.slice(base?.length ?? 0) || (facts.userPlatform === undefined ? '' : `@${facts.userPlatform}`);
  return accepted(hardware === '' ? platform : `${platform ?? ''}${hardware}`);
}

function ofJson({ asked, platform, userPlatform }: ArchitectureFacts): Outcome<string> {
  const spec = parsed(asked);
  if (spec === undefined) return refused(`--architecture is no JSON object: ${asked}`);
  if (platform !== undefined && !('sw_platform' in spec)) spec.sw_platform = platform;
  if (userPlatform !== undefined && !('cpu_specs' in spec) && !('gpu_spec' in spec)) spec.encoded_platform = userPlatform;
  return accepted(pythonJson(spec));
}

/** Blanks after separators, as Python's `json.dumps` writes: the server compares some of these texts. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${pythonJson(item)}`)
    .join(', ')}}`;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Said by the caller, with the text.
    return undefined;
  }
}
