import { describe, expect, it } from '@jest/globals';
import {
  drivingDatasetTypes,
  inputDatasetTypes,
  instantiatedType,
  outputDatasetTypes,
  templateTypePrefix,
} from './dataset-type.js';

describe('dataset types', () => {
  it('are input, output, log and lib, with templates for internal merging', () => {
    expect(inputDatasetTypes).toContain('input');
    expect(outputDatasetTypes).toEqual(expect.arrayContaining(['output', 'log', 'lib', 'tmpl_output', 'tmpl_log']));
    const templates = outputDatasetTypes.filter((type) => type.startsWith(templateTypePrefix));
    for (const type of templates) expect([...inputDatasetTypes, ...outputDatasetTypes]).toContain(instantiatedType(type));
    expect(instantiatedType('output')).toBe('output');
    expect(drivingDatasetTypes.every((type) => inputDatasetTypes.includes(type))).toBe(true);
  });
});
