#!/usr/bin/env node
import '../dist/main-pbook.js';
