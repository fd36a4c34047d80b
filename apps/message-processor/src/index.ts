export { MessageProcessorModule } from './app.module.js';
