// What an assistant meets, through the official clients, in each era of the protocol.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { connect, converse, eras, run, sandbox, silentAPI, simulated } from './helper.mjs';

for (const era of eras) {
  describe(era.name, { timeout: 120_000 }, () => {
    test('the handshake agrees on the version and brings the instructions', async (t) => {
      const { client, version } = await connect(t, era);
      assert.equal(version, era.version);
      assert.equal(client.getServerVersion().name, 'wisecx-mcp');
      assert.ok(client.getServerCapabilities().tools);
      const instructions = client.getInstructions();
      assert.match(instructions, /Wise CX/);
      assert.match(instructions, /never instructions/);
      assert.ok(Buffer.byteLength(instructions) <= 2048, 'hosts cut instructions at 2 KB');
    });

    test('each tool has a name, a title, four hints, short descriptions and plain schemas', async (t) => {
      const { tools } = await connect(t, era);
      const names = tools.map((tool) => tool.name);
      assert.ok(['search_cases', 'get_case'].every((name) => names.includes(name)), names.join());
      assert.equal(new Set(names).size, names.length);
      for (const tool of tools) {
        assert.match(tool.name, /^[a-z_]{1,64}$/);
        assert.ok(tool.title, tool.name);
        assert.ok(tool.description, tool.name);
        for (const hint of ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']) {
          assert.equal(typeof tool.annotations[hint], 'boolean', `${tool.name}: ${hint}`);
        }
        for (const schema of [tool.inputSchema, tool.outputSchema]) {
          assertPlain(schema, tool.name);
          new era.Validator().getValidator(schema);
        }
        for (const text of descriptions(tool)) assert.ok(text.length <= 1000, `${tool.name}: ${text}`);
      }
    });

    test('the client takes the example of a call as valid, and a wrong one as wrong', async (t) => {
      const { tools } = await connect(t, era);
      const valid = new era.Validator().getValidator(tools.find((tool) => tool.name === 'search_cases').inputSchema);
      assert.equal(valid({ status: ['open'], queue: ['Soporte Técnico'], limit: 5, where: ['priority IN high,urgent'] }).valid, true);
      assert.equal(valid({ status: ['lost'] }).valid, false);
      assert.equal(valid({ colour: 'red' }).valid, false);
    });

    test('"Which cases are waiting in Soporte Técnico since yesterday?"', async (t) => {
      const { ask } = await connect(t, era);
      const waiting = { status: 'unresolved', queue: 'soporte tecnico', fields: ['+created_at'], limit: 100 };
      const yesterday = dayInBuenosAires(-1);
      const found = await ask('search_cases', { ...waiting, since: 'yesterday' });
      assert.ok(found.cases.every((row) => row.created_at >= yesterday), `older than ${yesterday}`);
      assert.equal(found.timezone, 'America/Argentina/Buenos_Aires');

      const { cases, returned } = await ask('search_cases', { ...waiting, since: '3d' });
      assert.equal(returned, cases.length);
      assert.ok(cases.some((row) => row.number === 534787));
      for (const row of cases) {
        assert.equal(row.queue, 'Soporte Técnico');
        assert.match(row.status, /^(open|pending|on_hold)$/);
      }
    });

    test('"What is case 534787 about?"', async (t) => {
      const { ask } = await connect(t, era);
      const answer = await ask('get_case', { case_number: '534787' });
      assert.equal(answer.case.number, 534787);
      assert.equal(answer.case.subject, 'Demora en la entrega');
      assert.equal(answer.case.queue, 'Soporte Técnico');
      assert.equal(answer.case.agent, 'Franco González');
      assert.equal(answer.case.waiting_on, 'us');
      assert.ok(answer.messages.some((message) => message.from === 'customer' && message.said));
      assert.deepEqual((await ask('get_case', { case_id: answer.case.id })).case, answer.case);
    });

    test('next_cursor leads through distinct cases, the same as one long page', async (t) => {
      const { ask } = await connect(t, era);
      const query = { queue: ['Ventas'], fields: ['number'] };
      const numbers = [];
      let cursor;
      for (let page = 1; page <= 3; page++) {
        const answer = await ask('search_cases', { ...query, limit: 7, ...(cursor && { cursor }) });
        assert.equal(answer.has_more, true);
        numbers.push(...answer.cases.map((row) => row.number));
        cursor = answer.next_cursor;
      }
      assert.equal(new Set(numbers).size, 21);
      const whole = await ask('search_cases', { ...query, limit: 21 });
      assert.deepEqual(numbers, whole.cases.map((row) => row.number));
    });

    test('a refusal is a result that names the argument and the candidates', async (t) => {
      const { refusal } = await connect(t, era);
      const refused = await refusal('search_cases', { queue: ['Logistica y Envios'] });
      assert.equal(refused.kind, 'arguments');
      assert.equal(refused.argument, 'queue');
      assert.match(refused.error, /Logistica y Envios/);
      assert.ok(refused.candidates.some((candidate) => candidate.startsWith('Logística (')));
    });

    test('an unknown argument is refused with the known ones', async (t) => {
      const { refusal, tools } = await connect(t, era);
      for (const tool of tools.filter((tool) => !tool.inputSchema.required?.length)) {
        const refused = await refusal(tool.name, { colour: 'red' });
        assert.equal(refused.argument, 'colour');
        for (const known of Object.keys(tool.inputSchema.properties)) assert.ok(refused.expected.includes(known), known);
      }
    });

    test('30 calls at once are all answered, each with its own case', async (t) => {
      const { ask } = await connect(t, era);
      const { cases } = await ask('search_cases', { limit: 30, fields: ['number'] });
      const answers = await Promise.all(cases.map((row) => ask('get_case', { case_id: row.id })));
      assert.deepEqual(answers.map((answer) => answer.case.number), cases.map((row) => row.number));
      assert.equal(answers.length, 30);
    });

    test('while calls hang it answers a ping, and a cancelled call lets go of its request', async (t) => {
      const api = await silentAPI(t);
      const session = await connect(t, era, api.settings);
      const host = new AbortController();
      const arrived = api.held();
      const calls = Array.from({ length: 5 }, (_, i) => session.ask('get_case', { case_id: i + 1 }, { signal: host.signal }));
      const outcomes = Promise.allSettled(calls);
      const request = await arrived;
      await session.ping();
      assert.ok((await session.client.listTools()).tools.length > 0);

      const letGo = once(request, 'close');
      host.abort('the person changed their mind');
      for (const outcome of await outcomes) assert.equal(outcome.status, 'rejected');
      await letGo;
      await session.ping();
      // Clients mention an answer that comes after they gave up.
      session.errors = session.errors.filter((message) => !message.includes('unknown message ID'));
    });

    test('a scan of many conversations tells how far it is', async (t) => {
      const { ask } = await connect(t, era, await sandbox(t, '--latency', '50ms'));
      const told = [];
      const found = await ask('search_messages', { text: ['xyzzy'], max_cases: 200 }, { onprogress: (progress) => told.push(progress) });
      assert.equal(found.coverage.cases_read, 200);
      assert.ok(found.has_more && found.next_cursor, 'it goes on by its cursor');
      assert.ok(told.length > 0, 'it told of its progress');
      for (const [i, { progress, total }] of told.entries()) assert.ok(progress <= total && progress > (told[i - 1]?.progress ?? 0));
    });

    test('the real way over HTTP gives the same answers', async (t) => {
      const { ask, refusal } = await connect(t, era, await sandbox(t));
      assert.equal((await ask('get_case', { case_number: 534787 })).case.subject, 'Demora en la entrega');
      assert.equal((await ask('search_cases', { queue: 'Ventas', limit: 3 })).returned, 3);
      assert.equal((await refusal('get_case', { case_number: 1 })).kind, 'not_found');
    });

    test('without a key it lists its tools, and every call says in one line what is missing', async (t) => {
      const { tools, refusal } = await connect(t, era, {});
      assert.ok(tools.length > 0);
      for (const tool of tools) {
        const { error } = await refusal(tool.name, {});
        assert.match(error, /WISECX_API_KEY.*WISECX_USER/);
        assert.ok(!error.includes('\n'));
      }
    });

    test('a wrong setting is a failed connection, at once', async (t) => {
      await assert.rejects(connect(t, era, { ...simulated, WISECX_TOOLSETS: 'nope' }));
    });
  });
}

describe('the process', { timeout: 120_000 }, () => {
  test('a wrong setting ends it, naming the setting, the value and the known ones', () => {
    const { status, stdout, stderr } = run([], { ...simulated, WISECX_TOOLSETS: 'nope' });
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^wisecx-mcp: WISECX_TOOLSETS: "nope" .*cases, contacts, directory, surveys, .*\n$/);
  });

  test('stdout carries nothing but JSON-RPC, whatever comes in', async () => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'e2e', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'e2e', version: '1' } };
    const { printed, code } = await converse(
      [
        'this is no JSON',
        '{"jsonrpc":"2.0"}',
        '[]',
        { id: 1, method: 'initialize', params: initialize },
        { method: 'notifications/initialized' },
        { id: 2, method: 'no/such/method' },
        { id: 3, method: 'tools/call', params: { name: 'no_such_tool', arguments: {} } },
        { id: 4, method: 'tools/call', params: { name: 'search_cases', arguments: [] } },
        { id: 5, method: 'tools/call', params: { name: 'search_cases' } },
        { id: 6, method: 'tools/list', params: { cursor: 'nonsense' } },
        { id: 7, method: 'server/discover', params: { _meta } },
        { id: 8, method: 'tools/call', params: { name: 'get_case', arguments: { case_number: 534787 }, _meta } },
        { method: 'notifications/cancelled', params: { requestId: 99 } },
        { id: 9, method: 'ping' },
      ],
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    for (const message of printed) assert.equal(message.jsonrpc, '2.0');
    for (const id of [1, 2, 3, 4, 5, 6, 7, 8, 9]) assert.equal(printed.filter((message) => message.id === id).length, 1, `id ${id}`);
    assert.equal(code, 0, 'the end of input is a good end');
  });
});

/** A schema that every host takes: an object at the root without alternatives, and objects for all its properties. */
function assertPlain(schema, name) {
  assert.equal(schema.type, 'object', name);
  for (const key of ['anyOf', 'oneOf', 'allOf', '$ref']) assert.ok(!(key in schema), `${name}: ${key}`);
  for (const [property, inner] of Object.entries(schema.properties)) {
    assert.ok(inner !== null && typeof inner === 'object' && !Array.isArray(inner), `${name}: ${property}`);
  }
}

/** Every description in a tool, that of the tool and those of its arguments and results. */
function descriptions(node) {
  if (node === null || typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([key, value]) => (key === 'description' && typeof value === 'string' ? [value] : descriptions(value)));
}

/** A day as results show it, so many days from today. */
function dayInBuenosAires(days) {
  const at = new Date(Date.now() + days * 24 * 3600 * 1000);
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Argentina/Buenos_Aires' }).format(at);
}
