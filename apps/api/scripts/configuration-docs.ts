import { VARIABLES } from '../src/config/variables.js';

const BEGIN = '<!-- configuration -->';
const END = '<!-- /configuration -->';

/** Set by the image or the compose file itself; a line in `.env` would only contradict it. */
const FIXED_IN_COMPOSE = ['HOST', 'PORT', 'DATA_DIR', 'MONGODB_URI', 'NODE_ENV'];

/**
 * README.md with its table of variables made anew.
 *
 * @throws where it has lost the marks around the table.
 */
export function withConfigurationTable(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md has lost its marks ${BEGIN} … ${END}.`);
  const rows = Object.entries(VARIABLES).map(
    ([name, { shownDefault, meaning, allowed }]) =>
      `| \`${name}\` | ${asCode(shownDefault)} | ${meaning} | ${allowed} |`,
  );
  const table = [
    '| variable | default | meaning | allowed |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${readme.slice(end)}`;
}

/** `docker/.env.example`: every variable that the compose file leaves open, and its default. */
export function environmentExample(): string {
  const open = Object.entries(VARIABLES).filter(([name]) => !FIXED_IN_COMPOSE.includes(name));
  const blocks = open.map(([name, { shownDefault, meaning, allowed }]) => {
    const words = `# ${meaning.replaceAll('`', '')}\n# Must be ${allowed}. Default: ${shownDefault.replaceAll('`', '')}`;
    return name === 'JWT_SECRET' ? `${words}\n${name}=` : `${words}\n#${name}=`;
  });
  const port =
    '# The port of this host that the API is published on. Default: 8000\n#PUBLISHED_PORT=';
  const fixed = `# Set by the image or compose.yaml itself: ${FIXED_IN_COMPOSE.join(', ')}.`;
  return `${[
    '# Copy to docker/.env and fill in what you need; a line that starts with # is not read.',
    ...blocks,
    port,
    fixed,
  ].join('\n\n')}\n`;
}

/** A default is a value to type, unless it is a phrase. */
function asCode(shown: string): string {
  return shown.includes(' ') || shown.includes('`') ? shown : `\`${shown}\``;
}
