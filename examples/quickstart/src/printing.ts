import { styleText } from "node:util";
import type { ToldStep } from "./story.js";

type Style = Parameters<typeof styleText>[0];

/** Colour only where somebody sees it: `hasColors` knows NO_COLOR and TERM, and is missing without a terminal. */
const colourful = process.stdout.isTTY === true && process.stdout.hasColors();

export function styled(style: Style, text: string): string {
  return colourful ? styleText(style, text) : text;
}

export function heading(text: string): void {
  console.log(`\n${styled("bold", text)}\n${styled("dim", "─".repeat(Math.min(text.length, 78)))}\n`);
}

export function note(text: string): void {
  console.log(styled("dim", text));
}

/** A step in full: what was sent, what came back, why. */
export function tell({ number, step, exchange, faults }: ToldStep): void {
  const mark = faults.length === 0 ? styled("green", "✔") : styled("red", "✘");
  console.log(`${mark} ${styled("bold", `${number}. ${step.title}`)}`);
  block(styled("cyan", "→"), step.sent(exchange));
  block(arrowBack(exchange.status), step.received(exchange));
  console.log(`${styled("dim", indented(step.why))}\n`);
  for (const fault of faults) console.log(`${styled("red", `  ✘ ${fault}`)}\n`);
}

/** A step in one line, for a story that was told before. */
export function tellBriefly({ number, step, exchange, faults }: ToldStep): void {
  const mark = faults.length === 0 ? styled("green", "✔") : styled("red", "✘");
  console.log(
    `${mark} ${String(number).padStart(2)}. ${step.title} ${styled("dim", String(exchange.status))}`,
  );
  for (const fault of faults) console.log(styled("red", `      ✘ ${fault}`));
}

/** A scene of the encore: what happened, and why it can. */
export function tellScene(title: string, why: string): void {
  console.log(`${styled("green", "✔")} ${title}\n${styled("dim", indented(why))}\n`);
}

function block(arrow: string, lines: readonly string[]): void {
  lines.forEach((line, index) => {
    console.log(`  ${index === 0 ? arrow : " "} ${line}`);
  });
}

function arrowBack(status: number): string {
  return styled(status >= 400 ? "yellow" : "green", "←");
}

function indented(text: string): string {
  return `    ${text}`;
}
