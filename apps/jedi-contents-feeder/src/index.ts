export { JediContentsFeederModule } from './app.module.js';
