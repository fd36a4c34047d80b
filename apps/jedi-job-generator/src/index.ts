export { JediJobGeneratorModule } from './app.module.js';
