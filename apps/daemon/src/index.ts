export { AdderAgent } from './adder/adder.agent.js';
export { AdderConsumer } from './adder/adder.consumer.js';
