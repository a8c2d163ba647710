import { median, type Ratios } from "../statistics.js";
import type { Bars } from "./chapter.js";

// Middle tones only: an SVG in an <img> does not know whether the page around it is light or dark.
const colours = { text: "#6e7781", ours: "#2f81f7", peer: "#9a8fb8", one: "#bf5b3d" };
const width = 900;
const column = { label: 300, bars: 480 };
const row = 20;

/** All bars of a run, each group on a scale of its own, as an SVG document. */
export function plot(groups: readonly Bars[]): string {
  const parts: string[] = [];
  let y = 10;
  for (const group of groups) {
    parts.push(...groupAt(y, group));
    y += (group.bars.length + 2) * row;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" font-family="system-ui, sans-serif" font-size="12" fill="${colours.text}" role="img">`,
    "<title>mcp-authz beside its peers: medians of ratios, with their ranges</title>",
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function groupAt(top: number, { title, bars }: Bars): string[] {
  const longest = Math.max(1, ...bars.map(({ ratios }) => median(ratios))) * 1.1;
  const x = (value: number) => column.label + (Math.min(value, longest) / longest) * column.bars;
  const one = x(1).toFixed(1);
  const parts = [text(column.label, top + 14, title, "font-weight='600'")];
  bars.forEach(({ label, ratios, ours }, index) => {
    const y = top + (index + 1) * row;
    const fill = ours ? colours.ours : colours.peer;
    parts.push(
      text(column.label - 8, y + 14, label, "text-anchor='end'"),
      `<rect x="${column.label}" y="${y + 4}" width="${(x(median(ratios)) - column.label).toFixed(1)}" height="${row - 8}" rx="2" fill="${fill}"/>`,
      range(x, y, ratios),
      text(column.label + column.bars + 8, y + 14, median(ratios).toFixed(2), ""),
    );
  });
  const bottom = top + (bars.length + 1) * row;
  parts.push(
    `<line x1="${one}" x2="${one}" y1="${top + row}" y2="${bottom}" stroke="${colours.one}" stroke-dasharray="3 3"/>`,
  );
  return parts;
}

function range(x: (value: number) => number, y: number, ratios: Ratios): string {
  const [from, to] = [x(Math.min(...ratios)), x(Math.max(...ratios))].map((value) => value.toFixed(1));
  const middle = y + row / 2;
  return `<line x1="${from}" x2="${to}" y1="${middle}" y2="${middle}" stroke="${colours.text}" stroke-width="1.5"/>`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${content.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</text>`;
}
