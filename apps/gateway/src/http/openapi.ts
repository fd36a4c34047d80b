import { type Access, type AnyOperation, type Argument, allOperations, snakeCase } from '@panda/contracts';

type Json = Readonly<Record<string, unknown>>;
type Arguments = readonly (readonly [string, Argument<unknown>])[];

const SCHEMAS: Readonly<Record<Argument<unknown>['type'], Json>> = {
  int: { type: 'integer' },
  float: { type: 'number' },
  bool: { type: 'boolean' },
  str: { type: 'string' },
  object: { type: 'object' },
  list: { type: 'array', items: {} },
  ints: { type: 'array', items: { type: 'integer' } },
  strs: { type: 'array', items: { type: 'string' } },
  json: { description: 'A JSON value, or text of one.' },
  loose: { description: 'A number, text or boolean.' },
};

/** The OpenAPI 3.1 document of both dialects, from the one table of operations. */
export function openApiDocument(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'PanDA server',
      version: '1',
      description:
        'API v1 answers 200 with {success, message, data}, also when it refuses. The classic methods answer as each one always did.',
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'The header Origin names the VO, or vo:role.' } },
      schemas: { Envelope: ENVELOPE },
    },
    paths: Object.fromEntries(allOperations.flatMap((operation) => [...v1Path(operation), ...classicPaths(operation)])),
  };
}

const ENVELOPE: Json = {
  type: 'object',
  required: ['success', 'message', 'data'],
  properties: { success: { type: 'boolean' }, message: { type: 'string' }, data: {} },
};

function v1Path(operation: AnyOperation): [string, Json][] {
  const { v1, args } = operation;
  if (!v1) return [];
  const named: Arguments = Object.entries(args as Record<string, Argument<unknown>>).map(([key, argument]) => [
    snakeCase(key),
    argument,
  ]);
  const input =
    v1.verb === 'GET' ? { parameters: named.map(queryParameter) } : { requestBody: body(operation, 'application/json', named) };
  const answer = {
    200: { description: 'The outcome.', content: { 'application/json': { schema: { $ref: '#/components/schemas/Envelope' } } } },
  };
  return [[`/api/v1/${v1.path}`, { [v1.verb.toLowerCase()]: { ...described(operation), ...input, responses: answer } }]];
}

function classicPaths(operation: AnyOperation): [string, Json][] {
  const named: Arguments = Object.entries(operation.args as Record<string, Argument<unknown>>).flatMap(([, argument]) =>
    argument.legacy === undefined ? [] : [[argument.legacy, argument] as const],
  );
  const answer = { 200: { description: 'Text, pickle or JSON, as this method always answered.' } };
  const post = { requestBody: body(operation, 'application/x-www-form-urlencoded', named), responses: answer };
  return (operation.legacy?.methods ?? []).map((method) => [
    `/server/panda/${method}`,
    { post: { ...described(operation), operationId: `classic.${method}`, tags: ['classic'], ...post } },
  ]);
}

function described({ id, doc, access }: AnyOperation): Json {
  return {
    operationId: id,
    tags: [id.split('.')[0]],
    summary: doc,
    description: accessText(access),
    security: access.roles.length === 0 ? [] : [{ token: [] }],
  };
}

/** Who may call, in words. */
export function accessText({ roles, ownerOf, groupProduction, perObject }: Access): string {
  if (roles.length === 0) return 'For anybody.';
  const parts = [
    roles.includes('user') ? 'any user' : `the role ${roles.join(' or ')}`,
    ...(ownerOf ? [`the owner of the ${ownerOf}`] : []),
    ...(groupProduction ? ['production of its working group'] : []),
  ];
  return `For ${parts.join(', or ')}${perObject ? '; each object of the request is judged by its owner' : ''}.`;
}

function queryParameter([name, argument]: readonly [string, Argument<unknown>]): Json {
  return { name, in: 'query', required: argument.required, schema: schemaOf(argument) };
}

function body({ upload, fields = {} }: AnyOperation, type: string, named: Arguments): Json {
  if (!upload) return { content: { [type]: { schema: objectOf(named) } } };
  const parts: Arguments = Object.entries(fields as Record<string, Argument<unknown>>);
  const { required, properties } = objectOf(parts);
  const file = { type: 'string', format: 'binary' };
  // The file comes last: the server streams it to where the fields say.
  const schema = { type: 'object', required: [...required, 'file'], properties: { ...properties, file } };
  return { content: { 'multipart/form-data': { schema } } };
}

function objectOf(named: Arguments) {
  return {
    type: 'object',
    required: named.filter(([, argument]) => argument.required).map(([name]) => name),
    properties: Object.fromEntries(named.map(([name, argument]) => [name, schemaOf(argument)])),
  };
}

function schemaOf({ type, doc, min, max, required, fallback }: Argument<unknown>): Json {
  return {
    ...SCHEMAS[type],
    ...(doc === undefined ? {} : { description: doc }),
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(required || fallback === null ? {} : { default: fallback }),
  };
}
