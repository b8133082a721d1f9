// `npm test [-- STAGE …] [FILTER …]`: makes this machine ready, then runs the stages in order and stops at the first
// that fails. `--through STAGE` stops after that one. What follows stage names goes to Vitest as filters.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inForeground } from './foreground.mjs';
import { setUp } from './setup/index.mjs';
import { root } from './setup/places.mjs';
import { explain, SetupError } from './setup/tell.mjs';
import { isTestStage, stages } from './stages.mjs';

const { chosen, filters } = choose(process.argv.slice(2));
const tally = { passed: 0, failed: 0 };
try {
  await runStages();
} catch (error) {
  explain(error);
  tally.failed ||= 1;
}
process.exitCode = tally.failed === 0 ? 0 : 1;
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);

async function runStages() {
  const { node, env } = await setUp({ needs: chosen.flatMap((stage) => stage.needs) });
  for (const stage of chosen) {
    console.log(`\n━━ ${stage.name}: ${stage.about}`);
    if (isTestStage(stage) && !stage.folders.some(hasTests)) {
      console.log(`no test under ${stage.folders.join(', ')} yet, skipped`);
      continue;
    }
    const began = Date.now();
    const ok = isTestStage(stage) ? await runTests(stage, { node, env }) : await runCommands(stage, { node, env });
    console.log(`━━ ${stage.name}: ${ok ? 'passed' : 'FAILED'} in ${((Date.now() - began) / 1000).toFixed(1)} s`);
    if (!ok)
      throw new SetupError(
        `the stage ${stage.name} failed. ${stage.hint ?? `It runs alone by: npm test -- ${stage.name}`}`,
      );
  }
}

function hasTests(folder) {
  const path = join(root, folder);
  return existsSync(path) && readdirSync(path, { recursive: true }).some((name) => name.endsWith('.test.ts'));
}

async function runCommands(stage, { node, env }) {
  for (const [program, ...args] of stage.commands) {
    const code = await inForeground(node, [join(root, 'node_modules', program), ...args], { cwd: root, env });
    if (code !== 0) {
      tally.failed += 1;
      return false;
    }
  }
  return true;
}

async function runTests(stage, { node, env }) {
  const folder = mkdtempSync(join(tmpdir(), 'openvtm-test-'));
  const report = join(folder, 'report.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    const code = await inForeground(node, [vitest, 'run', '--project', stage.project, ...reporters, ...filters], {
      cwd: root,
      env,
    });
    const { numPassedTests = 0, numFailedTests = 0 } = existsSync(report)
      ? JSON.parse(readFileSync(report, 'utf8'))
      : {};
    tally.passed += numPassedTests;
    // a file that cannot be loaded fails the run without a failed test
    tally.failed += code === 0 ? numFailedTests : Math.max(1, numFailedTests);
    return code === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Which stages the command line means: those named, else all that run by default, up to `--through`. */
function choose(args) {
  const rest = [...args];
  const through = rest.indexOf('--through');
  const last = through === -1 ? undefined : rest.splice(through, 2)[1];
  const named = new Set();
  while (rest.length > 0 && stages.some(({ name }) => name === rest[0])) named.add(rest.shift());
  const byDefault = stages.filter((stage) => !stage.onlyByName);
  const upTo =
    last === undefined ? byDefault : byDefault.slice(0, byDefault.findIndex(({ name }) => name === last) + 1);
  const result = named.size > 0 ? stages.filter(({ name }) => named.has(name)) : upTo;
  if (result.length === 0 || (named.size === 0 && rest.length > 0)) {
    console.error(`Stages are: ${stages.map(({ name }) => name).join(' ')}`);
    process.exit(2);
  }
  return { chosen: result, filters: rest };
}
