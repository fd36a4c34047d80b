export { JediWatchdogModule } from './app.module.js';
