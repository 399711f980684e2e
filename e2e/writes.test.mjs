// What a person agrees to, and what then happens, through the official clients in each era of the protocol.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { account, connect, eras, run, simulated } from './helper.mjs';

const number = 534787;
const text = 'Hola Tomás, sale hoy: https://example.com/envio. Gracias.';
const reply = { case_number: number, text };
const lastWords = 'sigo sin noticias y lo necesito para el finde';

for (const era of eras) {
  describe(`writing with ${era.name}`, { timeout: 120_000 }, () => {
    for (const [answer, sent] of [['accept', 1], ['decline', 0], ['cancel', 0]]) {
      test(`a person who can be asked sees what goes out, and it is sent ${sent} times after ${answer}`, async (t) => {
        const settings = await account(t);
        const questions = [];
        const { ask } = await connect(t, era, settings, ({ params }) => {
          questions.push(params.message);
          return answer === 'accept' ? { action: answer, content: {} } : { action: answer };
        });
        const receipt = await ask('reply_to_case', reply);
        assert.equal(questions.length, 1);
        for (const part of ['Tomás Gómez', '5491155510005', 'whatsapp', `> ${text}`, lastWords, 'Links in it: https://example.com/envio']) {
          assert.ok(questions[0].includes(part), `${part} is missing in ${questions[0]}`);
        }
        assert.equal(receipt.outcome, sent ? 'done' : 'declined');
        assert.equal(await timesSent(ask), sent);
        if (!sent) return;

        assert.equal((await ask('reply_to_case', reply)).outcome, 'repeated');
        assert.equal(questions.length, 1, 'nobody is asked about what is not sent');
        assert.equal(await timesSent(ask), 1);
      });
    }

    test('where nobody can be asked, a token lets exactly what was shown happen, once', async (t) => {
      const { ask, refusal } = await connect(t, era, await account(t));
      const preview = await ask('reply_to_case', reply);
      assert.equal(preview.outcome, 'preview');
      for (const part of ['Tomás Gómez', '5491155510005', `> ${text}`, lastWords]) assert.ok(preview.question.includes(part), part);
      const confirm_token = preview.confirm_token;

      for (const other of [{ text: `${text} Ya.` }, { text: text.toUpperCase() }, { then_status: 'closed' }, { case_number: 999999 }]) {
        await refusal('reply_to_case', { ...reply, ...other, confirm_token });
      }
      await refusal('reply_to_case', { ...reply, confirm_token: confirm_token.toLowerCase() });
      assert.equal(await timesSent(ask), 0);

      assert.equal((await ask('reply_to_case', { ...reply, confirm_token })).outcome, 'done');
      const refused = await refusal('reply_to_case', { ...reply, again: true, confirm_token });
      assert.equal(refused.kind, 'refused');
      assert.equal(refused.argument, 'confirm_token');
      assert.match(refused.expected, /without confirm_token/);
      assert.equal((await ask('reply_to_case', { ...reply, confirm_token })).outcome, 'repeated');
      assert.equal(await timesSent(ask), 1);
    });

    test('a client that says it can ask, and then does not, gets a token', { skip: era.version >= '2026' }, async (t) => {
      const { ask } = await connect(t, era, await account(t), () => {
        throw new Error('no dialog here');
      });
      const { outcome, confirm_token } = await ask('reply_to_case', reply);
      assert.equal(outcome, 'preview');
      assert.equal((await ask('reply_to_case', { ...reply, confirm_token })).outcome, 'done');
    });

    test('a token of another process is refused', async (t) => {
      const settings = await account(t);
      const [one, other] = [await connect(t, era, settings), await connect(t, era, settings)];
      const { confirm_token } = await one.ask('reply_to_case', reply);
      assert.equal((await other.refusal('reply_to_case', { ...reply, confirm_token })).kind, 'refused');
      assert.equal(await timesSent(one.ask), 0);
    });

    test('what is final waits for a person in a terminal', async (t) => {
      const settings = { ...(await account(t)), WISECX_ALLOW: 'outbound,destructive' };
      const { ask, refusal } = await connect(t, era, settings);
      const exists = async () => (await ask('search_cases', { case_number: [number] })).returned;
      const approve = (token, said) => run(['approve', token], settings, said);

      const no = await ask('delete_case', { case_number: number });
      assert.equal(no.outcome, 'preview');
      assert.match((await refusal('delete_case', { case_number: number, confirm_token: no.confirm_token })).expected, /wisecx-mcp approve/);
      assert.notEqual(approve(no.confirm_token, 'perhaps\n').status, 0);
      assert.match(approve(no.confirm_token, 'no\n').stdout, new RegExp(`Delete case ${number}.*Tomás Gómez`));
      assert.equal((await ask('delete_case', { case_number: number, confirm_token: no.confirm_token })).outcome, 'declined');
      assert.equal(await exists(), 1);

      const yes = await ask('delete_case', { case_number: number });
      assert.equal(approve(yes.confirm_token, 'yes\n').status, 0);
      assert.notEqual(approve(yes.confirm_token, 'yes\n').status, 0, 'it is answered once');
      await refusal('delete_case', { case_number: number, expect: { status: 'closed' }, confirm_token: yes.confirm_token });
      assert.equal(await exists(), 1);
      assert.equal((await ask('delete_case', { case_number: number, confirm_token: yes.confirm_token })).outcome, 'done');
      assert.equal(await exists(), 0);
      assert.notEqual(approve('NOSUCHTOKEN', 'yes\n').status, 0);
    });

    for (const [place, settings] of [['a named folder', account], ['the folder of a simulator built in', () => simulated]]) {
      test(`the command that is shown releases it from any shell, with ${place}`, async (t) => {
        const { ask } = await connect(t, era, { ...(await settings(t)), WISECX_ALLOW: 'outbound,destructive' });
        const preview = await ask('delete_case', { case_number: number });
        const [, command] = preview.notes.join(' ').match(/`wisecx-mcp (approve [^`]+)`/);
        assert.equal(run(command.split(' '), {}, 'yes\n').status, 0, command);
        assert.equal((await ask('delete_case', { case_number: number, confirm_token: preview.confirm_token })).outcome, 'done');
      });
    }

    test('a token for what is final is asked of the person through a client that can', async (t) => {
      const settings = { ...(await account(t)), WISECX_ALLOW: 'outbound,destructive' };
      const questions = [];
      const { ask } = await connect(t, era, settings, ({ params }) => {
        questions.push(params.message);
        return { action: 'accept', content: {} };
      });
      assert.equal((await ask('delete_case', { case_number: number })).outcome, 'done');
      assert.equal(questions.length, 1);
      assert.match(questions[0], /cannot be undone/);
      assert.equal((await ask('search_cases', { case_number: [number] })).returned, 0);
    });

    test('the undo of a change is a call that works as it stands', async (t) => {
      const { ask } = await connect(t, era, await account(t));
      const shown = async () => {
        const { updated_at, first_read_at, last_read_at, ...rest } = (await ask('get_case', { case_number: number })).case;
        return rest;
      };
      const before = await shown();
      const done = await ask('update_case', { case_number: number, status: 'pending', priority: 'urgent', agent: null, subject: 'Otra', remove_tags: ['vip'] });
      assert.equal(done.outcome, 'done');
      assert.notDeepEqual(await shown(), before);
      assert.equal((await ask(done.undo.tool, done.undo.arguments)).outcome, 'done');
      assert.deepEqual(await shown(), before);
      assert.equal((await ask(done.undo.tool, done.undo.arguments)).outcome, 'no_change');
    });

    test('what the person does not allow is not there', async (t) => {
      const settings = await account(t);
      const readOnly = await connect(t, era, { ...settings, WISECX_READ_ONLY: 'true', WISECX_ALLOW: 'outbound,destructive' });
      assert.ok(readOnly.tools.length > 0);
      for (const tool of readOnly.tools) assert.equal(tool.annotations.readOnlyHint, true, tool.name);
      await assertNotThere(readOnly, 'update_case', { case_number: number, status: 'closed' });

      const silent = await connect(t, era, { ...settings, WISECX_ALLOW: 'none' });
      const names = silent.tools.map((tool) => tool.name);
      assert.ok(names.includes('update_case'));
      for (const name of ['reply_to_case', 'delete_case', 'delete_contact']) assert.ok(!names.includes(name), name);
      await assertNotThere(silent, 'reply_to_case', reply);
      const created = await silent.refusal('create_case', { queue: 'Ventas', channel: 'email', subject: 'x', contact: { id: 9005 }, message: 'Hola', message_from: 'agent' });
      assert.match(created.error, /WISECX_ALLOW/);
      assert.equal(await timesSent(silent.ask), 0);
    });

    test('the audit log tells what was done and not what was said', async (t) => {
      const settings = await account(t);
      const { ask } = await connect(t, era, { ...settings, WISECX_CONFIRM: 'never' });
      await ask('reply_to_case', reply);
      await ask('update_case', { case_number: number, status: 'pending' });
      const { status, stdout } = run(['audit'], settings);
      assert.equal(status, 0);
      const lines = stdout.trimEnd().split('\n');
      assert.equal(lines.length, 2, stdout);
      assert.match(lines[0], /done +reply_to_case +case 534787/);
      assert.match(lines[1], /done +update_case +case 534787.*"status":"pending"/);
      for (const word of ['Tomás', 'sale hoy', 'example.com', 'Gracias']) assert.ok(!stdout.includes(word), word);
    });
  });
}

/** How many messages of the case say the text. */
async function timesSent(ask) {
  const { messages } = await ask('get_case_messages', { case_number: number, from: ['agent'] });
  return messages.filter((message) => message.said === text).length;
}

/** A tool that is not listed cannot be called by its name either. */
async function assertNotThere({ client, tools }, name, args) {
  assert.ok(!tools.some((tool) => tool.name === name), name);
  let refused;
  try {
    refused = (await client.callTool({ name, arguments: args })).isError;
  } catch {
    refused = true;
  }
  assert.equal(refused, true, `${name} can be called`);
}
