import { EventPattern } from '@nestjs/microservices';
import { type Topic, topics } from '@panda/contracts';
import type { ConsumeOptions } from '../bus.js';

/** How a handler is bound: the pattern names topic and consumer, the extras say how messages are taken. */
export interface ConsumePattern {
  readonly topic: string;
  readonly consumer: string;
}

const EXTRAS = 'bus';

/**
 * Marks a controller's method as the consumer of a topic: `@Consumes(topics.taskReady, 'jedi-job-generator', { batch: 20 })`.
 * It gets `(deliveries: readonly Delivery[], context: BusContext)`. `@EventPattern(topics.taskReady.name)` does the same
 * with one message at a time, where the topic has one consumer.
 */
export function Consumes(topic: Topic, consumer: string, options: ConsumeOptions = {}): MethodDecorator {
  const pattern: ConsumePattern = { topic: topic.name, consumer };
  return EventPattern(pattern, { [EXTRAS]: options });
}

/** The binding a handler's pattern stands for. Throws when it names no topic, or one with several consumers. */
export function bindingOf(
  pattern: string,
  extras: Readonly<Record<string, unknown>> = {},
): {
  topic: Topic;
  consumer: string;
  options: ConsumeOptions;
} {
  const { topic: name, consumer } = pattern.startsWith('{')
    ? (JSON.parse(pattern) as ConsumePattern)
    : { topic: pattern, consumer: undefined };
  const topic: Topic | undefined = Object.values(topics).find((known) => known.name === name);
  if (!topic) throw new TypeError(`the pattern ${pattern} names no topic`);
  const [only, second] = topic.consumers;
  if (consumer === undefined && (only === undefined || second !== undefined)) {
    throw new TypeError(`the topic '${name}' has ${topic.consumers.length} consumers: say which one with @Consumes`);
  }
  return { topic, consumer: consumer ?? (only as string), options: (extras[EXTRAS] ?? {}) as ConsumeOptions };
}
