export { PostProcessorAgent } from './post-processor.agent.js';
