/** The style of every page of this server; follows the browser's dark or light preference. */
export const STYLE: string = `
:root {
  color-scheme: light dark;
  --page: #f4f5f8; --card: #ffffff; --text: #191c24; --soft: #5a6172; --line: #dfe2ea; --line-strong: #8b92a5;
  --accent: #4338ca; --accent-text: #ffffff; --tint: #eef0ff; --warn: #7a4b00; --warn-tint: #fff4dc; --bad: #b42318;
  --shadow: 0 1px 2px rgb(16 24 40 / 6%), 0 8px 24px rgb(16 24 40 / 8%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1016; --card: #171a22; --text: #eceef4; --soft: #a2a9ba; --line: #2b303d; --line-strong: #6b7386;
    --accent: #8b83ff; --accent-text: #0e1016; --tint: #1f2133; --warn: #ffd591; --warn-tint: #33270f; --bad: #ff8f85;
    --shadow: none;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; background: var(--page); color: var(--text);
  font: 16px/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 .25rem; letter-spacing: -.01em; text-wrap: balance; }
h2, legend { font-size: .8125rem; font-weight: 600; color: var(--soft); margin: 0 0 .5rem; padding: 0; }
p { margin: 0 0 1rem; }
a { color: var(--accent); }
code { font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.narrow { max-width: 30rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
.banner {
  padding: .5rem 1rem;
  background: var(--warn-tint); color: var(--warn); font-size: .8125rem; text-align: center;
}
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.5rem; box-shadow: var(--shadow);
}
.soft { color: var(--soft); }
.small { font-size: .875rem; }
dl { margin: 1rem 0 1.25rem; display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1rem; font-size: .875rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
fieldset { border: 0; padding: 0; margin: 0 0 1.25rem; min-width: 0; }
.choices { border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.choice { font-size: 1rem; font-weight: 400; display: flex; gap: .75rem; align-items: center; padding: .625rem .875rem; cursor: pointer; }
.choice + .choice { border-top: 1px solid var(--line); }
.choice:has(:checked) { background: var(--tint); }
.choice input { width: 1.125rem; height: 1.125rem; margin: 0; accent-color: var(--accent); flex: none; }
.choice span { min-width: 0; overflow-wrap: anywhere; }
.choice small { display: block; color: var(--soft); font-size: .8125rem; }
.buttons { display: flex; gap: .75rem; }
button {
  font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.125rem; border-radius: 10px; cursor: pointer;
  border: 1px solid var(--line); background: var(--card); color: var(--text);
}
button.primary { flex: 1; border-color: var(--accent); background: var(--accent); color: var(--accent-text); }
button:hover { filter: brightness(1.06); }
:focus-visible { outline: 3px solid color-mix(in srgb, var(--accent) 55%, transparent); outline-offset: 2px; }
.problem { color: var(--bad); font-size: .875rem; font-weight: 600; }
.avatar {
  display: inline-grid; place-items: center; flex: none; width: 2.25rem; height: 2.25rem; border-radius: 50%;
  background: var(--tint); color: var(--accent); font-size: .8125rem; font-weight: 700;
}
.who { display: flex; gap: .75rem; align-items: center; padding: .75rem 0 0; }
.who div { min-width: 0; flex: 1; }
.who small { display: block; color: var(--soft); font-size: .8125rem; overflow-wrap: anywhere; }
button.link { border: 0; background: none; color: var(--accent); padding: .5rem; font-weight: 500; font-size: .875rem; }
button.choice {
  width: 100%; border: 0; border-radius: 0; text-align: left; font-weight: 500; background: none; min-height: 3.5rem;
}
button.choice:hover { background: var(--tint); filter: none; }
button.choice + button.choice { border-top: 1px solid var(--line); }
button.choice:focus-visible { outline-offset: -3px; }
.stack { display: grid; gap: .625rem; }
.stack label { font-size: .875rem; font-weight: 600; }
input[type="email"], input:not([type]), input[type="text"] {
  font: inherit; width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border-radius: 10px;
  border: 1px solid var(--line-strong); background: var(--card); color: var(--text);
}
a.button {
  display: flex; justify-content: center; align-items: center; gap: .5rem; min-height: 2.75rem; padding: .5rem 1rem;
  border: 1px solid var(--line); border-radius: 10px; color: var(--text); font-weight: 600; text-decoration: none;
}
a.button:hover { background: var(--tint); }
a.button small { color: var(--soft); font-weight: 400; overflow-wrap: anywhere; }
.or { display: flex; align-items: center; gap: .75rem; margin: 1rem 0; color: var(--soft); font-size: .8125rem; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
@media (max-width: 26rem) { .card { padding: 1.125rem; } dl { grid-template-columns: 1fr; gap: 0 0; } dd { margin-bottom: .5rem; } }
`;

/** The line at the top of every page. */
export const BANNER: string =
  '<div class="banner" role="note"><strong>Development only.</strong> Anyone can log in here as anyone.</div>';
