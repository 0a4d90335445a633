/**
 * The page at `/`, also of each ledger at `/t/NAME/`: one HTML document whose only connection is `_mock/events` below its own address
 * (`page-data.ts` says what comes there). What it may do: `policy.ts`.
 */
export function pageHtml(): string {
  return PAGE;
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>omny-consume mock</title>
<h1>omny-consume mock</h1>
<p>Point a player at <code id="endpoint"></code></p>
<p id="empty">Nothing has arrived yet.</p>
<ul id="sessions"></ul>
<script>
const rows = new Map();
const list = document.getElementById('sessions');
new EventSource('_mock/events').onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === 'start') {
    rows.clear();
    list.replaceChildren();
    document.getElementById('endpoint').textContent = message.endpoint;
  }
  for (const session of message.sessions ?? []) show(session);
  document.getElementById('empty').hidden = rows.size > 0;
};
function show(session) {
  const row = document.createElement('li');
  const rules = session.findings.map(({ rule, message }) => rule + ': ' + message).join('; ');
  row.textContent = [session.state, session.sessionId, session.played + ' s played', rules].join(' · ');
  rows.get(session.key)?.remove();
  rows.set(session.key, row);
  list.prepend(row);
}
</script>
</html>
`;
