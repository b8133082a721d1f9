import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { errorFamilies, notices, QueueRules, QuickPhrases, requests, Service, Sheet } from '@openvtm/protocol';

type Shape = {
  type?: string;
  const?: string | number | boolean;
  enum?: (string | number)[];
  anyOf?: Shape[];
  oneOf?: Shape[];
  items?: Shape;
  properties?: Record<string, Shape>;
  required?: string[];
  additionalProperties?: unknown;
  format?: string;
};

/** A shape in one line, deep enough to read: below the second level only the kind is named. */
function inWords(shape: Shape, depth = 0): string {
  const either = shape.anyOf ?? shape.oneOf;
  if (either) return [...new Set(either.map((one) => inWords(one, depth)))].join(' or ');
  if (shape.const !== undefined) return `\`${shape.const}\``;
  if (shape.enum) return shape.enum.map((one) => `\`${one}\``).join(' ');
  if (shape.type === 'array') return `[${inWords(shape.items ?? {}, depth)}]`;
  if (shape.type === 'object') {
    const names = Object.entries(shape.properties ?? {});
    if (names.length === 0 || depth >= 2) return 'object';
    return `{ ${names.map(([name, one]) => `${name}${shape.required?.includes(name) ? '' : '?'}: ${inWords(one, depth + 1)}`).join(', ')} }`;
  }
  return shape.format ?? shape.type ?? 'any';
}

const shapeOf = (schema: z.ZodType) =>
  inWords(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Shape).replaceAll('|', '\\|');

/** The protocol as a page, from the schemas themselves. */
function protocolPage(): string {
  const lines = [
    '# The protocol',
    '',
    'Made from `src/*.ts` by `npm run protocol`; the words on each message stand there.',
    '',
    '## Requests: a client asks, the server answers',
    '',
    '`socket.emit(name, data, { id }, answer)`; `id` is a UUID made by the client. The answer is `{ ok: true, data }` or',
    '`{ ok: false, error: { code, ref } }`. What changes something is done once for each id.',
    '',
    '| request | from | stage | changes | data | answer |',
    '|---|---|---|---|---|---|',
    ...Object.entries(requests).map(
      ([name, one]) =>
        `| \`${name}\` | ${one.from.length > 6 ? 'all' : one.from.join(', ')} | ${one.stage} | ${one.changes ? 'yes' : ''} | ${shapeOf(one.in)} | ${shapeOf(one.out)} |`,
    ),
    '',
    '## Notices: the server tells',
    '',
    '`socket.on(name, (data, seq) => …)`; the snapshot has number 0, a gap means `line:resync`.',
    '',
    '| notice | to | data |',
    '|---|---|---|',
    ...Object.entries(notices).map(
      ([name, one]) =>
        `| \`${name}\` | ${one.to.length > 5 ? 'staff or all' : one.to.join(', ')} | ${shapeOf(one.data)} |`,
    ),
    '',
    '## Errors',
    '',
    '| family | codes |',
    '|---|---|',
    ...Object.entries(errorFamilies).map(
      ([family, codes]) => `| ${family} | ${codes.map((code) => `\`${code}\``).join(' ')} |`,
    ),
    '',
  ];
  return lines.join('\n');
}

/** The schema that a service's data file must fit, for editors and for those who write such files. */
const serviceSchema = (): string =>
  `${JSON.stringify({ title: 'An OpenVTM service', ...z.toJSONSchema(Service, { io: 'input' }) }, null, 2)}\n`;

/** The same for the rules of the queue. */
const rulesSchema = (): string =>
  `${JSON.stringify({ title: 'Rules of the queue', ...z.toJSONSchema(QueueRules, { io: 'input' }) }, null, 2)}\n`;

/** The same for a sheet that an agent explains. */
const sheetSchema = (): string =>
  `${JSON.stringify({ title: 'A sheet to explain', ...z.toJSONSchema(Sheet, { io: 'input' }) }, null, 2)}\n`;

/** The same for the quick phrases of the chat. */
const phrasesSchema = (): string =>
  `${JSON.stringify({ title: 'Quick phrases', ...z.toJSONSchema(QuickPhrases, { io: 'input' }) }, null, 2)}\n`;

/** What is written to files, by file. */
export const PAGES: readonly [file: URL, content: () => string][] = [
  [new URL('../shared/protocol/PROTOCOL.md', import.meta.url), protocolPage],
  [new URL('../docs/service.schema.json', import.meta.url), serviceSchema],
  [new URL('../docs/queue-rules.schema.json', import.meta.url), rulesSchema],
  [new URL('../docs/sheet.schema.json', import.meta.url), sheetSchema],
  [new URL('../docs/phrases.schema.json', import.meta.url), phrasesSchema],
];

export const written = (file: URL): string => readFileSync(file, 'utf8');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const [file, content] of PAGES) writeFileSync(file, content());
