import { join } from 'node:path';
import { root } from '../repository/root.js';

/** The three jest projects in the order they are run: what is quick and near the cause comes first. */
export const PROJECTS = ['unit', 'int', 'e2e'] as const;
export type Project = (typeof PROJECTS)[number];

export const COVERAGE = join(root, 'coverage');

/** Where jest leaves the outcome of every test of a project. */
export const resultFile = (project: Project): string => join(COVERAGE, `jest-${project}.json`);

/** Says which sources the stored results belong to. */
export const RUN_FILE = join(COVERAGE, 'run.json');
