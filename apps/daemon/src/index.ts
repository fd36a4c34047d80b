export { DaemonModule } from './app.module.js';
