"""
How a report looks as a page: light and dark, on a desk and on a phone, on paper.
"""

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fcfcfa; --card: #ffffff; --ink: #0b0b0c; --muted: #5f5e59; --grid: #e1e0da;
  --s1: #2a78d6; --s2: #eb6834; --s3: #1baf7a; --s4: #8a5cc9; --s5: #d9a10b; --rest: #a3a29b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #17181a; --card: #1f2023; --ink: #f4f4f2; --muted: #b4b3ad; --grid: #35363a;
    --s1: #4b95ea; --s2: #f0804f; --s3: #2bbd88; --s4: #a98ae0; --s5: #d6a526; --rest: #77766f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
main { max-width: 52rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; text-wrap: balance; }
h2 { font-size: 1.15rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; overflow-wrap: anywhere; }
p { margin: .25rem 0 .75rem; max-width: 42rem; }
p.lead { max-width: none; text-wrap: pretty; }
.lead, .note { color: var(--muted); }
.note { font-size: .875rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .75rem;
  margin: 1.5rem 0; padding: 0; }
.figures div, section { background: var(--card); border: 1px solid var(--grid);
  border-radius: .5rem; }
.figures div { padding: .75rem 1rem; }
.figures dt { color: var(--muted); font-size: .875rem; }
.figures dd { margin: 0; font-size: 1.5rem; font-weight: 600; line-height: 1.3; }
section { margin: 1rem 0; padding: 1rem 1.25rem; }
figure { margin: .75rem 0; }
figure svg { display: block; width: 100%; height: auto; }
figure svg text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans",
  sans-serif !important; }
.narrow { display: none; }
.scroll { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--grid); text-align: left;
  vertical-align: top; overflow-wrap: break-word; }
th { color: var(--muted); font-weight: 500; }
tbody th { color: var(--ink); font-weight: 400; overflow-wrap: anywhere; min-width: 8.75rem; }
.prose td:not(.number) { min-width: 5.5rem; }
.number { text-align: right; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
summary { cursor: pointer; color: var(--muted); padding: .25rem 0; }
footer { color: var(--muted); font-size: .875rem; margin-top: 2rem; }
@media (max-width: 45rem) {
  main { padding: 1.25rem .75rem 3rem; }
  section { padding: .85rem .85rem; }
  .wide { display: none; }
  .narrow { display: block; max-width: 24rem; }
  .figures { grid-template-columns: 1fr 1fr; }
  th, td { padding-right: .5rem; }
  .prose, .prose tbody, .prose tr, .prose td, .prose tbody th, .prose caption { display: block; }
  .prose thead { display: none; }
  .prose tr { padding: .5rem 0; border-bottom: 1px solid var(--grid); }
  .prose td, .prose tbody th { display: flex; gap: .75rem; border: 0; padding: .1rem 0;
    text-align: left; white-space: normal; overflow-wrap: anywhere; }
  .prose td::before, .prose tbody th::before { content: attr(data-of); color: var(--muted);
    flex: 0 0 5rem; }
  .prose [data-of=""]::before { content: none; }
  .prose tbody th { font-weight: 600; }
}
@media print {
  section { break-inside: avoid; border: 0; padding: 0; }
}
"""
"""The style of the page, which takes nothing from elsewhere: no font, no picture, no script."""
