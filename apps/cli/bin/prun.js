#!/usr/bin/env node
import '../dist/main-prun.js';
