import body from './body.html?text';
import script from './client/main.ts?script';
import style from './page.css?text';

/**
 * The page at `/`, also of each ledger at `/t/NAME/` (that path must end with its slash): one HTML document that talks only to `_mock/`
 * below its own address (`page-data.ts` says what comes from there). What it may do: `policy.ts`.
 */
export function pageHtml(): string {
  return PAGE;
}

const ICON = [
  "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%234457d6'/%3E",
  "%3Cpath d='M3 8h1.5M6.5 4.5v7M9.5 6.5v3M12 8h1' stroke='white' stroke-width='1.6' stroke-linecap='round'/%3E%3C/svg%3E",
].join('');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>omny-consume mock</title>
<link rel="icon" href="data:image/svg+xml,${ICON}">
<style>${style}</style>
</head>
<body>
${body}<script>${script}</script>
</body>
</html>
`;
