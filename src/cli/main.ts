#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { InputError } from '../input/error.js';
import { didYouMean } from '../input/nearest.js';
import { commands } from './commands.js';
import { refuseUnusable, type KnownOptions } from './given-options.js';

const EXIT_USAGE = 2;
const EXIT_INTERNAL = 3;

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };

/** What a command needs that is not a scenario. */
const NEEDS: Record<string, string | undefined> = {
  fit: 'a file of observations, for example: corun fit observations.csv',
  repository: 'a command and what it is about, for example: corun repository list models',
  setup: 'a command, for example: corun setup tensorflow',
  trace: 'a command and a file, for example: corun trace describe requests.csv',
};

const parser = yargs(hideBin(process.argv))
  .scriptName('corun')
  .usage('$0 <command> [options]\n\nFinds out how many inferences can run beside a retraining job on one GPU, and which policy serves them best.')
  .version(version)
  .help()
  .alias('help', 'h')
  .strict()
  .recommendCommands()
  .demandCommand(1, `Say what to do: ${commands.map(({ command }) => `corun ${String(command)}`).join(', ')}.`)
  .epilogue('Try: corun compare scenarios/quickstart.yaml\nExit codes: 0 fine, 1 the answer is "no", 2 bad usage or input, 3 internal error.')
  .wrap(Math.min(100, process.stdout.columns ?? 100))
  .exitProcess(false)
  .fail((message, error) => {
    const command = commands.some((known) => String(known.command).split(' ')[0] === process.argv[2]) ? `${process.argv[2]} ` : '';
    const needs = NEEDS[command.trim()] ?? `a scenario file, for example: corun ${command}scenarios/quickstart.yaml`;
    if (error !== undefined && error.name !== 'YError') throw error;
    const told = message.startsWith('Not enough non-option arguments') ? `${command}needs ${needs}` : withNearestOption(message);
    throw new InputError(`${told}\nSee: corun ${command}--help`);
  })
  .middleware((argv) => refuseUnusable(argv, knownOptions(), process.argv.slice(2)), true);

/** The options of the command that is being read. */
function knownOptions(): KnownOptions {
  return (parser as unknown as { getOptions(): KnownOptions }).getOptions();
}

/** Adds the option that was most likely meant to yargs' message about one that it does not know. */
function withNearestOption(message: string): string {
  const bare = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (bare !== undefined) return `${bare.length === 1 ? '-' : '--'}${bare} needs a value, and has none`;
  const wrong = /Argument: ([\w-]+), Given: "?(.*?)"?, Choices: (.+)/.exec(message);
  if (wrong !== null) {
    const allowed = wrong[3].replaceAll('"', '').split(', ');
    return `--${wrong[1]} ${wrong[2]}: there is no such value${didYouMean(wrong[2], allowed)}; allowed are ${allowed.join(', ')}`;
  }
  const missing = /^Missing required argument: (.+)$/.exec(message)?.[1];
  if (missing !== undefined) return `--${missing} is missing`;
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1].split(', ');
  if (unknown === undefined) return message;
  // yargs calls by one name what has dashes and what has none.
  if (process.argv.slice(3).includes(unknown[0])) return `${process.argv[2]} takes no ${JSON.stringify(unknown[0])}; leave it out`;
  const isCommand = process.argv[2] === unknown[0];
  if (isCommand) return `there is no command ${JSON.stringify(unknown[0])}; there are ${commands.map(({ command }) => String(command).split(' ')[0]).join(', ')}`;
  const known = Object.keys(knownOptions().key);
  return `${message}${didYouMean(`--${unknown[0]}`, known.map((name) => `--${name}`))}`;
}

for (const command of commands) parser.command(command);

// Whoever reads our output may have seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  await parser.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Tells the user what went wrong. */
function report(error: unknown): number {
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  if (error instanceof InputError) {
    process.stderr.write(`corun: ${message}\n`);
    return EXIT_USAGE;
  }
  process.stderr.write(`corun: internal error, please report it: ${stack ?? message}\n`);
  return EXIT_INTERNAL;
}
