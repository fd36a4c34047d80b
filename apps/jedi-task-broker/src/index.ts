export { JediTaskBrokerModule } from './app.module.js';
