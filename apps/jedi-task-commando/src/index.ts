export { JediTaskCommandoModule } from './app.module.js';
