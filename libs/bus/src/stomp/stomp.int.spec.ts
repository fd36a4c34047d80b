import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { environment } from '@panda/config';
import { PromMetrics, SystemClock, SystemRandom, UuidV7 } from '@panda/runtime';
import { CutProxy, Gathered, installedRabbit, type PrivateBroker, RecordingLog, startRabbit } from '@panda/testing';
import { BusRuntime } from '../bus-runtime.js';
import { parseProcessorConfig, type StompQueue } from './processor-config.js';
import { type StompMessage, StompReceiver } from './stomp-receiver.js';
import { StompSender } from './stomp-sender.js';

const program = installedRabbit();
if (!program) process.stderr.write('\n*** no RabbitMQ is installed: the tests of STOMP are SKIPPED ***\n\n');

(program ? describe : describe.skip)('a STOMP broker of an outside system', () => {
  let broker: PrivateBroker;
  const log = new RecordingLog();
  const metrics = new PromMetrics({ service: 'test', defaults: false });
  const runtime = new BusRuntime(log, metrics, new SystemClock(), new UuidV7(), new SystemRandom());
  let endings: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    broker = await startRabbit(program ?? '', environment(), { stomp: true });
  }, 90_000);
  afterEach(async () => {
    for (const end of endings.reverse()) await end();
    endings = [];
  });
  afterAll(() => broker.stop(), 30_000);

  function queue(name: string, ports: readonly (number | undefined)[] = [broker.stompPort], over: object = {}): StompQueue {
    const server = {
      host_port_list: ports.map((port) => `127.0.0.1:${port}`),
      username: 'guest',
      passcode: 'guest',
      vhost: '/',
      ...over,
    };
    const config = { mb_servers: { mb: server }, queues: { q: { server: 'mb', destination: `/queue/${name}` } } };
    return parseProcessorConfig(JSON.stringify(config)).queues[0] as StompQueue;
  }

  function receiving(from: StompQueue, take?: (message: StompMessage) => Promise<void>): Gathered<StompMessage> {
    const got = new Gathered<StompMessage>();
    const receiver = new StompReceiver(
      from,
      async (message) => {
        await take?.(message);
        got.add(message);
      },
      runtime,
    );
    receiver.start();
    endings.push(() => receiver.stop());
    return got;
  }

  function sender(to: StompQueue): StompSender {
    const made = new StompSender(to, runtime);
    endings.push(() => made.close());
    return made;
  }

  it('MSGPROC-01 JEDI-msgproc-01 takes what is sent, with its headers', async () => {
    const got = receiving(queue('plain'));
    await sender(queue('plain')).send('{"msg_type":"file_stagein"}', { vo: 'atlas' });
    const [message] = await got.count(1);
    expect(message?.body.toString()).toBe('{"msg_type":"file_stagein"}');
    expect(message?.headers).toMatchObject({ vo: 'atlas', destination: '/queue/plain' });
  });

  it('leaves a message with the broker until it was taken', async () => {
    let refusals = 0;
    const got = receiving(queue('refused'), async () => {
      if (++refusals < 3) throw new Error('the database is away');
    });
    await sender(queue('refused')).send('once');
    expect((await got.count(1)).map(({ body }) => body.toString())).toEqual(['once']);
    expect(refusals).toBe(3);
  });

  it('acknowledges what it took: another receiver does not see it again', async () => {
    const first = receiving(queue('settled'));
    const to = sender(queue('settled'));
    await to.send('first');
    await first.count(1);
    await endings.shift()?.();
    const second = receiving(queue('settled'));
    await to.send('second');
    expect((await second.count(1)).map(({ body }) => body.toString())).toEqual(['second']);
  });

  it('finishes the message in hand when it is stopped', async () => {
    let begun: () => void = () => undefined;
    let finish: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const got = receiving(queue('stopped'), async () => {
      begun();
      await gate;
    });
    const stop = endings.shift();
    await sender(queue('stopped')).send('slow');
    await started;
    const stopped = stop?.();
    finish();
    await stopped;
    expect(got.items).toHaveLength(1);
    const rest = receiving(queue('stopped'));
    await sender(queue('stopped')).send('next');
    expect((await rest.count(1)).map(({ body }) => body.toString())).toEqual(['next']);
  });

  it('comes back after its connection was cut', async () => {
    const proxy = await CutProxy.open(new URL(`tcp://127.0.0.1:${broker.stompPort}`), 61_613);
    endings.push(() => proxy.close());
    const port = Number(new URL(proxy.through(new URL('tcp://127.0.0.1:1'))).port);
    const got = receiving(queue('cut', [port]));
    const to = sender(queue('cut'));
    await to.send('before');
    await got.count(1);
    proxy.cut();
    await to.send('after');
    await got.until((items) => items.some(({ body }) => body.toString() === 'after'));
  });

  it('MSGPROC-02 takes another host when one is not there', async () => {
    const got = receiving(queue('failover', [1, broker.stompPort]));
    await sender(queue('failover', [1, broker.stompPort])).send('found');
    expect(await got.count(1)).toHaveLength(1);
  });

  it('says which broker refuses to let it in', async () => {
    const to = sender(queue('refusing', undefined, { passcode: 'wrong' }));
    await expect(to.send('x')).rejects.toMatchObject({ kind: 'transient', message: 'mb: no broker answers' });
  });
});
