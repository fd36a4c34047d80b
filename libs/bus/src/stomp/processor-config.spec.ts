import { describe, expect, it } from '@jest/globals';
import { ProcessorConfigError, parseProcessorConfig } from './processor-config.js';

/** The example printed in the specification. Spec: Using Message Processor › JSON Configuration File. */
const EXAMPLE = {
  mb_servers: {
    iDDS_mb: {
      host_port_list: ['some-mb.cern.ch:1234'],
      use_ssl: false,
      username: '<username>',
      passcode: '<passcode>',
      verbose: true,
    },
    rucio_mb: {
      host_port_list: ['another-mb.cern.ch:5678'],
      use_ssl: true,
      cert_file: '/path/of/cert',
      key_file: '/path/of/key',
      vhost: '/',
    },
  },
  queues: {
    idds: { server: 'iDDS_mb', destination: '/queue/Consumer.jedi.atlas.idds' },
    'rucio-events': { server: 'rucio_mb', destination: '/queue/Consumer.panda.rucio.events' },
  },
  processors: {
    'atlas-idds': {
      enable: true,
      module: 'pandajedi.jedimsgprocessor.atlas_idds_msg_processor',
      name: 'AtlasIddsMsgProcPlugin',
      in_queue: 'idds',
      verbose: true,
    },
    'panda-callback': {
      enable: true,
      module: 'pandajedi.jedimsgprocessor.panda_callback_msg_processor',
      name: 'PandaCallbackMsgProcPlugin',
      in_queue: 'rucio-events',
    },
  },
};

const parse = (config: unknown): ReturnType<typeof parseProcessorConfig> => parseProcessorConfig(JSON.stringify(config));

function problemsOf(config: unknown): readonly string[] {
  try {
    parse(config);
  } catch (error) {
    if (error instanceof ProcessorConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the message processor configuration', () => {
  it('MSGPROC-02 holds servers with their options and defaults', () => {
    expect(parse(EXAMPLE).servers).toEqual([
      {
        name: 'iDDS_mb',
        hosts: [{ host: 'some-mb.cern.ch', port: 1234 }],
        useSsl: false,
        username: '<username>',
        passcode: '<passcode>',
        certFile: null,
        keyFile: null,
        vhost: null,
        verbose: true,
      },
      {
        name: 'rucio_mb',
        hosts: [{ host: 'another-mb.cern.ch', port: 5678 }],
        useSsl: true,
        username: null,
        passcode: null,
        certFile: '/path/of/cert',
        keyFile: '/path/of/key',
        vhost: '/',
        verbose: false,
      },
    ]);
  });

  it('MSGPROC-03 holds queues on these servers', () => {
    const { queues } = parse(EXAMPLE);
    expect(queues.map(({ name, server, destination }) => [name, server.name, destination])).toEqual([
      ['idds', 'iDDS_mb', '/queue/Consumer.jedi.atlas.idds'],
      ['rucio-events', 'rucio_mb', '/queue/Consumer.panda.rucio.events'],
    ]);
  });

  it('MSGPROC-04 holds processors that read, and may write, these queues', () => {
    const processors = {
      quiet: { module: 'a.b', name: 'C' },
      both: { module: 'a.b', name: 'C', in_queue: 'idds', out_queue: 'rucio-events', enable: false },
    };
    expect(parse({ ...EXAMPLE, processors }).processors).toMatchObject([
      { name: 'quiet', enable: true, module: 'a.b', plugin: 'C', inQueue: null, outQueue: null, verbose: false },
      { name: 'both', enable: false, inQueue: { name: 'idds' }, outQueue: { name: 'rucio-events' } },
    ]);
    expect(parse(EXAMPLE).processors).toHaveLength(2);
  });

  it('MSGPROC-02 MSGPROC-03 MSGPROC-04 is refused with everything that is wrong', () => {
    const config = {
      mb_servers: { a: {}, b: { host_port_list: ['nowhere', 'x:99999', '[::1]:61613'], use_ssl: 'yes', cert_file: '/c' }, c: 5 },
      queues: { q: { server: 'missing' } },
      processors: { p: { in_queue: 'absent', enable: 1 } },
    };
    expect(problemsOf(config)).toEqual([
      'mb_servers.c is not an object',
      'mb_servers.a.host_port_list is mandatory',
      "mb_servers.b.host_port_list holds 'nowhere', which is not host:port",
      "mb_servers.b.host_port_list holds 'x:99999', which is not host:port",
      'mb_servers.b.use_ssl is neither true nor false',
      'mb_servers.b.cert_file and key_file belong together',
      'mb_servers.c.host_port_list is mandatory',
      "queues.q.server names 'missing', which is not defined",
      'queues.q.destination is mandatory',
      'processors.p.enable is neither true nor false',
      'processors.p.module is mandatory',
      'processors.p.name is mandatory',
      "processors.p.in_queue names 'absent', which is not defined",
    ]);
  });

  it('is refused when it is no JSON, or no object', () => {
    expect(() => parseProcessorConfig('{')).toThrow('it is not JSON');
    expect(problemsOf([])).toEqual(['the configuration is not an object']);
  });

  it('may be empty', () => {
    expect(parse({})).toEqual({ servers: [], queues: [], processors: [] });
  });
});
