/** `architecture` of a task: `sw_platform[@base_platform][#arch[-vendor[-instr]]][&vendor[-model]]`. Spec: Brokerage › hardware checks. */
export interface Architecture {
  readonly platform: string;
  readonly basePlatform: string | null;
  /** `*` where the task does not care; null when it says nothing of the CPU. */
  readonly cpu: { readonly arch: string; readonly vendor: string; readonly instr: string } | null;
  readonly gpu: { readonly vendor: string; readonly model: string } | null;
}

export function parseArchitecture(text: string | null): Architecture {
  const source = text ?? '';
  const cpu = part(source, '#');
  const gpu = part(source, '&');
  return {
    platform: /^[^@#&]*/.exec(source)?.[0] ?? '',
    basePlatform: part(source, '@') || null,
    cpu: cpu === undefined ? null : { arch: field(cpu, 0), vendor: field(cpu, 1), instr: field(cpu, 2) },
    gpu: gpu === undefined ? null : { vendor: field(gpu, 0), model: field(gpu, 1) },
  };
}

function part(text: string, mark: string): string | undefined {
  const at = text.indexOf(mark);
  return at < 0 ? undefined : /^[^@#&]*/.exec(text.slice(at + 1))?.[0];
}

const field = (text: string, index: number) => text.split('-')[index] || '*';

/** What jobs are told of the platform: software platform and base. */
export function platformsOf(architecture: string | null): string | null {
  if (architecture === null) return null;
  const { platform, basePlatform } = parseArchitecture(architecture);
  return basePlatform === null ? platform : `${platform}@${basePlatform}`;
}
