import { Service } from '@openvtm/protocol';
import { readDataFile } from '../../kernel/data-file.ts';
import { flawsOf } from './flaws.ts';

/** A data file that can't be used: names the file, the line, the field, and what is wrong with it. */
export class ServiceFileError extends Error {
  override readonly name = 'ServiceFileError';
}

/** Reads one data file; throws `ServiceFileError` with every mistake in it, one a line. */
export function readServiceFile(file: string, text: string): Service {
  const read = readDataFile(text, Service, (service) => [
    ...(`${service.id}.json` === file
      ? []
      : [{ path: ['id'], words: `it is ${service.id}; the file must be named ${service.id}.json` }]),
    ...flawsOf(service),
  ]);
  if ('data' in read) return read.data;
  const said = read.mistakes.map(
    ({ line, field, words }) => `service file ${file}, line ${line}${field ? `, ${field}` : ''}: ${words}`,
  );
  throw new ServiceFileError(said.join('\n'));
}
