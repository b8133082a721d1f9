import { fileURLToPath } from 'node:url';

/**
 * A step that cannot go on. `message` says what is wrong, `type` the exact line that puts it right, and `output` is
 * the end of what the failed program printed.
 */
export class SetupError extends Error {
  constructor(message, { type, output } = {}) {
    super(message);
    this.name = 'SetupError';
    this.type = type;
    this.output = output;
  }
}

/** One line: a step that needs nothing more. */
export const done = (step, text) => console.log(`✓ ${step}: ${text}`);

/** One line: a step that starts to work. */
export const working = (step, text) => console.log(`→ ${step}: ${text}`);

/** Prints a failure so that a person can act on it. */
export function explain(error) {
  if (!(error instanceof SetupError)) {
    // an error of the file system or the network says enough by itself; of any other one wants to know where it arose
    console.error(error.syscall ? `✗ ${error.message}` : error);
    return;
  }
  if (error.output) console.error(error.output);
  console.error(`✗ ${error.message}`);
  if (error.type) console.error(`  Type this, then start again:\n\n    ${error.type}\n`);
}

/** Runs `main` and turns its failure into words and exit code 1. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    explain(error);
    process.exitCode = 1;
  }
}

/** Whether the module at `url` is the file that was named on the command line. */
export const isMain = (url) => process.argv[1] === fileURLToPath(url);
