import { describe, expect, it } from '@jest/globals';
import { allOperations } from '@panda/contracts';
import { accessText, openApiDocument } from './openapi.js';

const paths = openApiDocument().paths as Record<string, Record<string, Record<string, unknown>>>;

describe('the OpenAPI document', () => {
  it('has every operation in both dialects', () => {
    for (const { v1, legacy } of allOperations) {
      if (v1) expect(paths[`/api/v1/${v1.path}`]).toHaveProperty(v1.verb.toLowerCase());
      for (const method of legacy?.methods ?? []) expect(paths[`/server/panda/${method}`]).toHaveProperty('post');
    }
  });

  it('names arguments as each dialect spells them, and what is required', () => {
    const body = (path: string) => Object.values((paths[path]?.post?.requestBody ?? {}) as Record<string, object>)[0];
    expect(body('/api/v1/task/kill')).toMatchObject({
      'application/json': { schema: { required: ['task_id'], properties: { task_id: { type: 'integer', minimum: 1 } } } },
    });
    expect(body('/server/panda/killTask')).toMatchObject({
      'application/x-www-form-urlencoded': { schema: { required: ['jediTaskID'] } },
    });
    expect(paths['/api/v1/task/get_status']?.get?.parameters).toMatchObject([{ name: 'task_id', in: 'query', required: true }]);
  });

  it('names the parts of an upload, the file last', () => {
    const body = paths['/api/v1/data/upload_file']?.post?.requestBody as { content: Record<string, { schema: object }> };
    const schema = body.content['multipart/form-data']?.schema as { required: string[]; properties: Record<string, object> };
    expect(schema.required).toEqual(['dataset', 'lfn', 'file']);
    expect(Object.keys(schema.properties)).toEqual(['dataset', 'lfn', 'endpoint', 'guid', 'n_events', 'size', 'adler32', 'file']);
    expect(schema.properties.file).toEqual({ type: 'string', format: 'binary' });
  });

  it('says who may call', () => {
    expect(accessText({ roles: [] })).toBe('For anybody.');
    expect(accessText({ roles: ['production', 'admin'], ownerOf: 'task', groupProduction: true })).toBe(
      'For the role production or admin, or the owner of the task, or production of its working group.',
    );
    expect(accessText({ roles: ['user'], perObject: true })).toBe(
      'For any user; each object of the request is judged by its owner.',
    );
  });
});
