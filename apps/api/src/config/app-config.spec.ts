import { ConfigError, readConfig } from './app-config.js';

describe('the configuration', () => {
  it.each([
    ['PORT', 'abc', /whole number from 0 to 65535/],
    ['PORT', '65536', /whole number from 0 to 65535/],
    ['NODE_ENV', 'prod', /production/],
    ['REGISTRATION', 'yes', /open.*closed/],
    ['DEMO_USERS', '1', /true or false/],
    ['JWT_SECRET', 'too-short', /at least 32/],
    ['MONGODB_URI', 'postgres://localhost', /mongodb:\/\//],
    ['SHUTDOWN_GRACE_MS', '-1', /whole number/],
    ['LOG_LEVEL', 'loud', /info/],
    ['MAX_RUNNING_REPLIES', '0', /whole number from 1 to 1000/],
    ['OPENAI_API_KEY', 'sk two words', /a key without spaces/],
    ['ANTHROPIC_API_KEY', 'schlüssel', /a key without spaces/],
    ['OPENAI_BASE_URL', 'ftp://openai.example', /http or https/],
    ['OPENAI_BASE_URL', 'https://user:hidden@openai.example', /without a user or a query/],
    ['ANTHROPIC_BASE_URL', 'https://anthropic.example/?key=hidden', /without a user or a query/],
    ['OPENAI_MODELS', 'gpt-5.5,,gpt-4.1', /separated by commas/],
    ['DEFAULT_MODEL', 'gpt-5.5', /provider\/name/],
    ['DEFAULT_MODEL', 'openai/gpt-5.5', /one of the configured models \(builtin\/guide\)/],
    ['ASSISTANTS_FILE', '/nowhere/assistants.json', /a file that this user may read \(ENOENT\)/],
    ['REPLY_TIMEOUT', 'forever', /whole number from 1 to 86400 \(seconds\)/],
    ['TRASH_RETENTION_DAYS', '0', /whole number from 1 to 3650 \(days\)/],
    ['REPLY_IDLE_TIMEOUT', '301', /whole number from 1 to 300 \(seconds\)/],
  ])('refuses %s=%s with one line that says what is allowed', (name, value, allowed) => {
    let refusal: unknown;
    try {
      readConfig({ [name]: value });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ConfigError);
    const { message } = refusal as ConfigError;
    expect(message).toContain(name);
    expect(message).toMatch(allowed);
    expect(message).not.toContain('\n');
    if (/SECRET|KEY|BASE_URL/.test(name)) expect(message).not.toContain(value);
  });

  it('takes a variable that is set to nothing for one that is not set', () => {
    expect(readConfig({ PORT: '', MONGODB_URI: '' })).toEqual(readConfig({}));
  });
});
