import { describe, it } from '@jest/globals';
import { brokerAnswers } from '../bus/bus.js';
import { deliveryConformance } from './delivery.conformance.js';
import { failureConformance } from './failure.conformance.js';
import { interruptionConformance } from './interruption.conformance.js';

if (await brokerAnswers()) {
  deliveryConformance('rabbitmq');
  failureConformance('rabbitmq');
  interruptionConformance('rabbitmq');
} else {
  describe('the bus over rabbitmq', () => {
    it.skip('needs a broker', () => undefined);
  });
}
