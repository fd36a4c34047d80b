import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentRuntime } from '@panda/agents';
import { type Delivery, parseProcessorConfig, type StompMessage, StompReceiver, StompSender } from '@panda/bus';
import { environment } from '@panda/config';
import { ExternalInputRepository } from '@panda/database';
import { PromMetrics, SystemClock, SystemRandom, UuidV7 } from '@panda/runtime';
import {
  Gathered,
  installedRabbit,
  type PrivateBroker,
  pg,
  RecordingBus,
  RecordingLog,
  startRabbit,
  type TestDatabase,
} from '@panda/testing';
import { MessageConsumer } from './message.consumer.js';
import { messageProcessorKeys } from './message-processor.config.js';
import { MessageProcessor } from './message-processor.js';
import { OutsideBrokers } from './outside-brokers.js';

const program = installedRabbit();
if (!program) process.stderr.write('\n*** no RabbitMQ is installed: the test of outside brokers is SKIPPED ***\n\n');

/** Tells when something was published. */
class HeardBus extends RecordingBus {
  readonly heard = new Gathered<Delivery['envelope']>();
  override async publish(...[topic, envelopes]: Parameters<RecordingBus['publish']>): Promise<void> {
    await super.publish(topic, envelopes);
    for (const envelope of envelopes) this.heard.add(envelope);
  }
}

(program ? describe : describe.skip)('brokers of outside systems', () => {
  let broker: PrivateBroker;
  let db: TestDatabase;
  const runtime = new AgentRuntime(
    new RecordingLog(),
    new PromMetrics({ service: 'test', defaults: false }),
    new SystemClock(),
    new UuidV7(),
    new SystemRandom(),
  );
  const endings: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    [broker, db] = await Promise.all([startRabbit(program ?? '', environment(), { stomp: true }), pg()]);
  }, 90_000);
  afterAll(async () => {
    for (const end of endings.reverse()) await end();
    await Promise.all([broker.stop(), db.close()]);
  }, 60_000);

  it('MSGPROC-01 MSGPROC-06 brings their messages to the own bus and answers to the out queue', async () => {
    const server = { host_port_list: [`127.0.0.1:${broker.stompPort}`], username: 'guest', passcode: 'guest', vhost: '/' };
    const text = JSON.stringify({
      mb_servers: { mb: server },
      queues: { in: { server: 'mb', destination: '/queue/idds' }, out: { server: 'mb', destination: '/queue/answers' } },
      processors: {
        hpo: {
          module: 'pandajedi.jedimsgprocessor.hpo_msg_processor',
          name: 'HPOMsgProcPlugin',
          in_queue: 'in',
          out_queue: 'out',
        },
      },
    });
    const bus = new HeardBus();
    const brokers = new OutsideBrokers(messageProcessorKeys.with({ processors: text }), bus, runtime);
    brokers.onApplicationBootstrap();
    endings.push(() => brokers.onModuleDestroy());
    const [inQueue, outQueue] = parseProcessorConfig(text).queues;
    if (!inQueue || !outQueue) throw new Error('the configuration has two queues');

    const sender = new StompSender(inQueue, runtime);
    endings.push(() => sender.close());
    await sender.send('{"msg_type": "health_heartbeat"}');
    const [envelope] = await bus.heard.count(1);
    expect(envelope).toMatchObject({ type: 'ingress.message', producer: 'stomp:hpo', payload: { msg_type: 'health_heartbeat' } });

    const delivery: Delivery = { envelope: envelope as Delivery['envelope'], queue: 'q', attempt: 1, headers: {} };
    expect(brokers.pluginFor(delivery).name).toBe('hyperparameters');
    const answers = new Gathered<StompMessage>();
    const receiver = new StompReceiver(outQueue, async (message) => answers.add(message), runtime);
    receiver.start();
    endings.push(() => receiver.stop());
    const processor = new MessageProcessor(db.database, new ExternalInputRepository(), runtime);
    await new MessageConsumer(processor, brokers).received([delivery]);
    const [answer] = await answers.count(1);
    expect(JSON.parse(String(answer?.body))).toMatchObject({ plugin: 'hyperparameters', outcome: 'ignored' });
  }, 60_000);

  it('gives a message that is delivered again the id it had, so that the inbox knows it', async () => {
    const server = { host_port_list: [`127.0.0.1:${broker.stompPort}`], username: 'guest', passcode: 'guest', vhost: '/' };
    const text = JSON.stringify({
      mb_servers: { mb: server },
      queues: { again: { server: 'mb', destination: '/queue/again' } },
      processors: { tape: { module: 'a.tape_carousel_msg_processor', name: 'TapeCarouselMsgProcPlugin', in_queue: 'again' } },
    });
    const seen = new Gathered<Delivery['envelope']>();
    /** Is away for the first message. */
    class OnceAway extends RecordingBus {
      override async publish(...[topic, envelopes]: Parameters<RecordingBus['publish']>): Promise<void> {
        const isFirst = seen.items.length === 0;
        for (const envelope of envelopes) seen.add(envelope);
        if (isFirst) throw new Error('the bus is away');
        await super.publish(topic, envelopes);
      }
    }
    const brokers = new OutsideBrokers(messageProcessorKeys.with({ processors: text }), new OnceAway(), runtime);
    brokers.onApplicationBootstrap();
    endings.push(() => brokers.onModuleDestroy());
    const [queue] = parseProcessorConfig(text).queues;
    if (!queue) throw new Error('the configuration has a queue');
    const sender = new StompSender(queue, runtime);
    endings.push(() => sender.close());
    await sender.send('{"n": 1}', { 'amqp-message-id': 'idds-17' });
    const [first, again] = await seen.count(2);
    expect(again?.messageId).toBe(first?.messageId);
    expect(first?.messageId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    await sender.send('{"n": 1}', { 'amqp-message-id': 'idds-18' });
    await sender.send('{"n": 2}', { 'amqp-message-id': 'idds-17' });
    const ids = (await seen.count(4)).map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(3);
  }, 60_000);
});
