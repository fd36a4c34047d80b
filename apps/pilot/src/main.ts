#!/usr/bin/env node
import { runPilotProcess } from './pilot-process.js';

await runPilotProcess(process.argv.slice(2));
