export { JediPostProcessorModule } from './app.module.js';
