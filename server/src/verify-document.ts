import { readFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { verifyPdf, type Finding } from './modules/signing/index.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** What the person who typed it can mend. */
class Plain extends Error {}

const USE = 'npm run document:verify -- FILE.pdf [--certificate CERTIFICATE.pem]';

function readArguments(args: readonly string[]): { file: string; certificate: string | null } {
  const rest = [...args];
  const at = rest.indexOf('--certificate');
  const certificate = at < 0 ? null : rest.splice(at, 2)[1];
  const [file, more] = rest;
  if (certificate === undefined || !file || more) throw new Plain(`Type this: ${USE}`);
  return { file, certificate };
}

const read = (file: string) =>
  readFile(file).catch(() => {
    throw new Plain(`There is no file ${file} that can be read.`);
  });

function tell({ by, certificate, selfSigned, stampedAt, trusted, wrong }: Finding, number: number): void {
  say(`signature ${number}: ${wrong.length === 0 ? 'holds' : 'DOES NOT HOLD'}`);
  if (by) say(`  by ${by}${selfSigned ? ', who vouches for themselves' : ''}`);
  if (certificate) say(`  certificate SHA-256 ${certificate}${trusted ? ', as given' : ''}`);
  say(stampedAt === null ? '  without a time stamp' : `  time stamp ${new Date(stampedAt).toISOString()}`);
  for (const words of wrong) say(`  ✗ ${words}`);
}

async function main(): Promise<boolean> {
  const { file, certificate } = readArguments(process.argv.slice(2));
  const pdf = await read(file);
  if (!pdf.subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new Plain(`${file} is no PDF.`);
  const trusted = certificate ? new X509Certificate(await read(certificate)).raw : null;
  const findings = await verifyPdf(pdf, { trusted });
  if (findings.length === 0) {
    say('✗ there is no signature in it: it was not sealed, or its seal was cut off');
    return false;
  }
  findings.forEach((finding, i) => tell(finding, i + 1));
  if (!trusted)
    say(
      'not checked: whether the certificate is the bank’s. --certificate names one to compare with, keys/seal.crt.pem of the data folder, for example.',
    );
  return findings.every(({ wrong }) => wrong.length === 0);
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  const reason = error instanceof Plain ? error.message : ((error as Error).stack ?? String(error));
  process.stderr.write(`\nThe document can't be verified: ${reason}\n\n`);
  process.exitCode = 1;
}
