// What the tests share: the program, the official clients in each era, and two APIs to talk to.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { AjvJsonSchemaValidator as ValidatorV1 } from '@modelcontextprotocol/sdk/validation/ajv';
import { Client as ClientV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { AjvJsonSchemaValidator as ValidatorV2 } from '@modelcontextprotocol/client/validators/ajv';

const v1 = { Client: ClientV1, Stdio: StdioV1, Validator: ValidatorV1 };
const v2 = { Client: ClientV2, Stdio: StdioV2, Validator: ValidatorV2 };

/** The ways in which a host may speak to the program. */
export const eras = [
  { name: 'sdk 1, protocol 2025-11-25', version: '2025-11-25', ...v1 },
  { name: 'client 2, protocol 2025-11-25', version: '2025-11-25', ...v2, mode: 'legacy' },
  { name: 'client 2, protocol 2026-07-28', version: '2026-07-28', ...v2, mode: { pin: '2026-07-28' } },
  { name: 'client 2, negotiating by itself', version: '2026-07-28', ...v2, mode: 'auto' },
];

const folder = mkdtempSync(join(tmpdir(), 'wisecx-e2e-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The program: the one that WISECX_MCP_BINARY names, or one built here. */
export const binary = process.env.WISECX_MCP_BINARY ? resolve(process.env.WISECX_MCP_BINARY) : build();

function build() {
  const built = join(folder, process.platform === 'win32' ? 'wisecx-mcp.exe' : 'wisecx-mcp');
  const repository = fileURLToPath(new URL('..', import.meta.url));
  execFileSync('go', ['build', '-buildvcs=false', '-o', built, '.'], { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'] });
  return built;
}

export const simulated = { WISECX_SANDBOX: 'true' };

/** The settings of a test alone: nothing of the person's own, neither variables nor state. */
export function environment(settings) {
  return { WISECX_TIMEZONE: 'America/Argentina/Buenos_Aires', WISECX_STATE_DIR: join(folder, 'state'), ...settings };
}

/** Starts the program as a host would, and ends it with the test. A host with a `person` puts the program's questions to it. */
export async function connect(t, era, settings = simulated, person) {
  const transport = new era.Stdio({ command: binary, env: environment(settings), stderr: 'pipe' });
  const capabilities = person ? { elicitation: { form: {} } } : {};
  const client = new era.Client({ name: 'e2e', version: '1' }, { capabilities, versionNegotiation: { mode: era.mode } });
  if (person) client.setRequestHandler(era.Client === ClientV1 ? ElicitRequestSchema : 'elicitation/create', person);
  const session = { client, errors: [], stderr: '' };
  transport.setProtocolVersion = (version) => (session.version = version);
  transport.stderr.on('data', (chunk) => (session.stderr += chunk));
  client.onerror = (error) => session.errors.push(error.message);
  await client.connect(transport);
  client.onclose = () => session.errors.push(`the program ended by itself: ${session.stderr}`);
  t.after(async () => {
    assert.deepEqual(session.errors, []);
    await client.close();
  });
  session.version ??= client.getNegotiatedProtocolVersion();
  session.tools = (await client.listTools()).tools; // from here on the client checks every answer against its schema

  /** The answer of a call that does what it was asked. */
  session.ask = async (name, args, options) => {
    const result = await call(session, name, args, options);
    assert.notEqual(result.isError, true, result.content[0].text);
    const answer = JSON.parse(result.content[0].text);
    assert.deepEqual(result.structuredContent, answer);
    return answer;
  };

  /** The refusal of a call: a result that the model reads, not an error of the protocol. */
  session.refusal = async (name, args) => {
    const result = await call(session, name, args);
    assert.equal(result.isError, true, result.content[0].text);
    return JSON.parse(result.content[0].text);
  };

  /** Whether the program still listens. The newer era has no ping; there its discovery takes that place. */
  session.ping = () => (era.version < '2026' ? client.ping() : client.discover());
  return session;
}

async function call({ client }, name, args, options) {
  const params = { name, arguments: args };
  const result = await (client instanceof ClientV1 ? client.callTool(params, undefined, options) : client.callTool(params, options));
  assert.equal(result.content.length, 1);
  assert.equal(result.content[0].type, 'text');
  return result;
}

/** Writes lines to the program as they are, and gives all that it printed on stdout once each of these ids is answered. */
export async function converse(lines, ids) {
  const child = spawn(binary, { env: environment({ ...simulated, WISECX_LOG_LEVEL: 'debug' }), stdio: ['pipe', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  for (const line of lines) {
    child.stdin.write((typeof line === 'string' ? line : JSON.stringify({ jsonrpc: '2.0', ...line })) + '\n');
  }
  const printed = [];
  const open = new Set(ids);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line); // what is no JSON fails the test here
      printed.push(message);
      open.delete(message.id);
      if (open.size === 0) child.stdin.end();
    }
    return { printed, code: (await closed)[0] };
  } finally {
    child.kill();
  }
}

/** Runs the program to its end, with so much on stdin. */
export function run(args, settings, input = '') {
  const env = { PATH: process.env.PATH, ...environment(settings) };
  return spawnSync(binary, args, { env, input, encoding: 'utf8', timeout: 60_000 });
}

/** Serves the simulated API and gives settings that use it, with a state folder of their own. */
export async function account(t) {
  return { ...(await sandbox(t)), WISECX_STATE_DIR: mkdtempSync(join(folder, 'state-')), WISECX_LANG: 'en' };
}

/** Serves the simulated API in a process of its own, with more flags if given; gives the settings that it prints. */
export async function sandbox(t, ...flags) {
  const child = spawn(binary, ['sandbox', '--listen', '127.0.0.1:0', ...flags], { env: environment({}), stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(async () => {
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    assert.deepEqual(await closed, [0, null]);
  });
  const settings = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = line.match(/^(WISECX_\w+)=(.+)$/) ?? [];
    if (name) settings[name] = value;
    if (Object.keys(settings).length === 3) break;
  }
  return settings;
}

/** An API that gives a token and then never answers. `held()` waits for the next request, whose `close` event is its end. */
export async function silentAPI(t) {
  const server = createServer((request, response) => {
    if (request.url.includes('/authenticate')) {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ token: 'a-token' }));
    } else {
      server.emit('held', response);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    settings: {
      WISECX_BASE_URL: `http://127.0.0.1:${server.address().port}/core/v1`,
      WISECX_API_KEY: 'a-key',
      WISECX_USER: 'a-user',
    },
    held: async () => (await once(server, 'held'))[0],
  };
}
