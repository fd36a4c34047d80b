/** The machines a prebuilt binary runs on: npm's own selectors. */
export interface Platform {
  os: string[];
  cpu: string[];
  libc?: string[];
}

const OS: Record<string, string> = {
  aix: 'aix',
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  win32: 'win32',
  windows: 'win32',
};
const CPU = new Set(['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']);
const LIBC: Record<string, string> = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

/**
 * Reads the platform out of a binary package's name, e.g. `@swc/core-linux-arm-gnueabihf`.
 * `siblings` are the other optional packages of the same parent: where one of them is the musl build of the same machine,
 * an unmarked name means glibc. A Linux stub without `libc` would be taken for the machine that installs.
 * @returns undefined when the name does not say which machine it is for
 */
export function platformOf(name: string, siblings: readonly string[]): Platform | undefined {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const os = words.map((word) => OS[word]).find(Boolean);
  const cpu = words.find((word) => CPU.has(word));
  if (!os || !cpu) return undefined;
  const marked = words.map((word) => LIBC[word]).find(Boolean);
  const libc = marked ?? (siblings.includes(`${name}-musl`) ? 'glibc' : undefined);
  return { os: [os], cpu: [cpu], ...(os === 'linux' && libc ? { libc: [libc] } : {}) };
}
