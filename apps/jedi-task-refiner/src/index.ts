export { JediTaskRefinerModule } from './app.module.js';
