/** The style of the HTML report: dark and light by the reader's setting, one column on a phone. */
export const style: string = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#59636e;--line:#d1d9e0;--card:#f6f8fa;
--pass:#1a7f37;--fail:#c21f2b;--warn:#8a5a00;--info:#0969da;--skip:#59636e}
@media (prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#e6edf3;--soft:#9198a1;--line:#3d444d;--card:#151b23;
--pass:#3fb950;--fail:#ff7b72;--warn:#d29922;--info:#58a6ff;--skip:#9198a1}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.4rem;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:2.5rem 0 .75rem}
p{margin:.25rem 0}.soft{color:var(--soft)}
code,.request,.detail,dd.change{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.875rem}
.totals{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0 0;padding:0;list-style:none}
.totals li{border:1px solid var(--line);border-radius:999px;padding:.15rem .75rem}
.hosts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,15rem),1fr));gap:.75rem;margin:0;padding:0;list-style:none}
.hosts>li{border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;background:var(--card);overflow-wrap:anywhere}
.hosts ul{margin:.25rem 0 0;padding-left:1.1rem;color:var(--soft);font-size:.9rem}
.pass{color:var(--pass)}.fail{color:var(--fail)}.warn{color:var(--warn)}.info{color:var(--info)}.skip{color:var(--skip)}
.findings{margin:0;padding:0;list-style:none}
.findings>li{border-top:1px solid var(--line);padding:.6rem 0}
.findings .head{display:grid;grid-template-columns:3.5rem 2.75rem 1fr;gap:.5rem;align-items:baseline}
.findings .head b{font-weight:600}
.findings dl{display:grid;grid-template-columns:4.5rem minmax(0,1fr);gap:.25rem .75rem;margin:.5rem 0 .25rem;padding:.75rem 1rem;background:var(--card);border-radius:.5rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}th,td{text-align:left;border-top:1px solid var(--line);padding:.35rem .5rem;overflow-wrap:anywhere}
.sequence{position:relative}
.lanes,.steps{margin:0;padding:0;list-style:none}
.lanes{display:grid;grid-template-columns:repeat(var(--lanes),1fr);position:sticky;top:0;background:var(--paper);border-bottom:1px solid var(--line);z-index:1}
.lanes li{text-align:center;padding:.5rem .25rem;font-weight:600}
.steps>li{display:grid;grid-template-columns:repeat(calc(var(--lanes)*2),1fr);padding:.4rem 0;
background:repeating-linear-gradient(to right,transparent 0 calc(50%/var(--lanes) - 1px),var(--line) calc(50%/var(--lanes) - 1px) calc(50%/var(--lanes)),transparent calc(50%/var(--lanes)) calc(100%/var(--lanes)))}
.message{grid-column:calc(var(--from)*2)/span calc(var(--span)*2);display:grid;grid-template-columns:minmax(0,1fr) auto;gap:0 .5rem;padding:0 .75rem;min-width:0}
.who{display:none}.request,.answer,.detail{background:var(--paper);overflow-wrap:anywhere}
.answer{font-weight:600}.ok .answer{color:var(--pass)}.refused .answer{color:var(--warn)}
.arrow{grid-column:1/-1;grid-row:2;height:0;border-top:1.5px solid var(--ink);position:relative;margin:0 -.75rem}
.arrow::after{content:"";position:absolute;top:-5px;right:0;border:5px solid transparent;border-left:8px solid var(--ink);border-right:0}
.left .arrow::after{right:auto;left:0;border:5px solid transparent;border-right:8px solid var(--ink);border-left:0}
.detail{grid-column:1/-1;color:var(--soft);font-size:.8rem;margin-top:.2rem}
@media (max-width:640px){
.lanes{display:none}.steps>li{display:block;background:none;border-top:1px solid var(--line)}
.message{padding:0}.who{display:block;grid-column:1/-1;color:var(--soft);font-size:.85rem}.arrow{display:none}
.findings .head{grid-template-columns:3rem 2.5rem minmax(0,1fr)}
.findings dl{grid-template-columns:minmax(0,1fr)}.findings dd{margin-bottom:.4rem}
}`;
