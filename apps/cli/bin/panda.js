#!/usr/bin/env node
import '../dist/main-panda.js';
