/** A broker of an outside system. Spec: Using Message Processor › Message Broker Servers. */
export interface StompServer {
  readonly name: string;
  /** One of them is connected at random, the others take over when it fails. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly useSsl: boolean;
  readonly username: string | null;
  readonly passcode: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
  readonly vhost: string | null;
  readonly verbose: boolean;
}

/** A queue of an outside broker. Spec: Using Message Processor › Queues. */
export interface StompQueue {
  readonly name: string;
  readonly server: StompServer;
  readonly destination: string;
}

/** What handles the messages of a queue. Spec: Using Message Processor › Message Processors. */
export interface ProcessorEntry {
  readonly name: string;
  readonly enable: boolean;
  /** Python module and class of the original: the plugin is found by them. */
  readonly module: string;
  readonly plugin: string;
  readonly inQueue: StompQueue | null;
  readonly outQueue: StompQueue | null;
  readonly verbose: boolean;
}

export interface ProcessorConfig {
  readonly servers: readonly StompServer[];
  readonly queues: readonly StompQueue[];
  readonly processors: readonly ProcessorEntry[];
}

/** Everything that is wrong with a message processor configuration. */
export class ProcessorConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`the message processor configuration is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ProcessorConfigError';
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads fields of one section and remembers what is wrong with them. */
class Section {
  constructor(
    private readonly path: string,
    private readonly fields: Fields,
    private readonly problems: string[],
  ) {}

  text(key: string): string {
    const value = this.fields[key];
    if (typeof value === 'string' && value !== '') return value;
    this.wrong(key, value === undefined ? 'is mandatory' : 'is not a text');
    return '';
  }

  textOrNull(key: string): string | null {
    const value = this.fields[key] ?? null;
    if (value === null || typeof value === 'string') return value;
    this.wrong(key, 'is not a text');
    return null;
  }

  flag(key: string, byDefault: boolean): boolean {
    const value = this.fields[key] ?? byDefault;
    if (typeof value === 'boolean') return value;
    this.wrong(key, 'is neither true nor false');
    return byDefault;
  }

  hosts(key: string): { host: string; port: number }[] {
    const value = this.fields[key];
    if (!Array.isArray(value) || value.length === 0) {
      this.wrong(key, value === undefined ? 'is mandatory' : 'is not a list of host:port');
      return [];
    }
    return value.flatMap((entry) => {
      const [, host, port] = /^\[?([^[\]]+?)\]?:(\d{1,5})$/.exec(String(entry)) ?? [];
      if (host !== undefined && Number(port) > 0 && Number(port) <= 65_535) return [{ host, port: Number(port) }];
      this.wrong(key, `holds '${String(entry)}', which is not host:port`);
      return [];
    });
  }

  /** The entry of another section that a field names. */
  named<T extends { readonly name: string }>(key: string, entries: readonly T[], mandatory: boolean): T | null {
    const name = mandatory ? this.text(key) : this.textOrNull(key);
    if (name === null || name === '') return null;
    const found = entries.find((entry) => entry.name === name);
    if (!found) this.wrong(key, `names '${name}', which is not defined`);
    return found ?? null;
  }

  wrong(key: string, what: string): void {
    this.problems.push(`${this.path}.${key} ${what}`);
  }
}

/** Reads the JSON of `configFile`. Throws {@link ProcessorConfigError} with all that is wrong. */
export function parseProcessorConfig(text: string): ProcessorConfig {
  const problems: string[] = [];
  const root = objectOf(parsed(text), 'the configuration', problems);
  const servers = sections(root, 'mb_servers', problems).map(([name, section]) => serverOf(name, section));
  const queues = sections(root, 'queues', problems).flatMap(([name, section]): StompQueue[] => {
    const server = section.named('server', servers, true);
    const destination = section.text('destination');
    return server ? [{ name, server, destination }] : [];
  });
  const processors = sections(root, 'processors', problems).map(([name, section]) => processorOf(name, section, queues));
  if (problems.length > 0) throw new ProcessorConfigError(problems);
  return { servers, queues, processors };
}

function serverOf(name: string, section: Section): StompServer {
  const server = {
    name,
    hosts: section.hosts('host_port_list'),
    useSsl: section.flag('use_ssl', false),
    username: section.textOrNull('username'),
    passcode: section.textOrNull('passcode'),
    certFile: section.textOrNull('cert_file'),
    keyFile: section.textOrNull('key_file'),
    vhost: section.textOrNull('vhost'),
    verbose: section.flag('verbose', false),
  };
  if ((server.certFile === null) !== (server.keyFile === null)) section.wrong('cert_file', 'and key_file belong together');
  return server;
}

function processorOf(name: string, section: Section, queues: readonly StompQueue[]): ProcessorEntry {
  return {
    name,
    enable: section.flag('enable', true),
    module: section.text('module'),
    plugin: section.text('name'),
    inQueue: section.named('in_queue', queues, false),
    outQueue: section.named('out_queue', queues, false),
    verbose: section.flag('verbose', false),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProcessorConfigError([`it is not JSON: ${(error as Error).message}`]);
  }
}

function sections(root: Fields, key: string, problems: string[]): [string, Section][] {
  const entries = Object.entries(objectOf(root[key] ?? {}, key, problems));
  return entries.map(([name, value]) => {
    const path = `${key}.${name}`;
    return [name, new Section(path, objectOf(value, path, problems), problems)];
  });
}

function objectOf(value: unknown, path: string, problems: string[]): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  problems.push(`${path} is not an object`);
  return {};
}
