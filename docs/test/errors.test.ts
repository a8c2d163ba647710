import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { answerTo, type ReasonCode } from "../../packages/core/src/answers.js";
import { repository } from "./pages.js";

const page = readFileSync(`${repository}docs/errors.md`, "utf8");

/** What stands in the first cell of a table row: "| `name` |", "| `name`, `other` |". */
const documented = new Set(
  [...page.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  ),
);

const sources = ["core", "scalekit"].flatMap((name) => {
  const folder = `${repository}packages/${name}/src`;
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) =>
      ts.createSourceFile(file, readFileSync(`${folder}/${file}`, "utf8"), ts.ScriptTarget.ES2022, true),
    );
});

test.each(["ReasonCode", "TokenFault"])("every %s is explained", (name) => {
  const codes = sources.flatMap((source) => codesOf(source, name));
  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code) => !documented.has(code))).toEqual([]);
});

test("every option that can be wrong is explained", () => {
  const options = [...new Set(sources.flatMap(optionsOf))].sort();
  expect(options.length).toBeGreaterThan(40);
  expect(options.filter((option) => !documented.has(option))).toEqual([]);
});

test("nothing is explained that does not exist", () => {
  const exist = new Set([
    ...sources.flatMap((source) => ["ReasonCode", "TokenFault"].flatMap((name) => codesOf(source, name))),
    ...sources.flatMap(optionsOf),
  ]);
  expect([...documented].filter((name) => !exist.has(name ?? ""))).toEqual([]);
});

test("the status of each reason is the one that is sent", () => {
  const settings = {
    realm: "OAuth",
    resourceMetadata: "https://mcp.example.com/.well-known/oauth-protected-resource",
  };
  const rows = [...page.matchAll(/^\| `([a-z_]+)` \| (\d{3}) \|/gm)];
  expect(rows.length).toBeGreaterThan(35);
  for (const [, reason, status] of rows) {
    const rejection = { kind: "rejection", reason: reason as ReasonCode, modern: true } as const;
    expect([reason, answerTo(rejection, settings, []).status]).toEqual([reason, Number(status)]);
  }
});

function codesOf(source: ts.SourceFile, name: string): string[] {
  const codes: string[] = [];
  for (const statement of source.statements) {
    if (!ts.isTypeAliasDeclaration(statement) || statement.name.text !== name) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) codes.push(node.literal.text);
      ts.forEachChild(node, visit);
    };
    visit(statement);
  }
  return codes;
}

/** Functions that hand their first argument on to an OptionError. */
const forwarding = new Set<string>();

/** The options that a file can complain about, with … for the part that is the user's own. */
function optionsOf(source: ts.SourceFile): string[] {
  const options: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isForOfStatement(node) && node.getText().includes("new OptionError(name,"))
      options.push(...namesIn(node.expression));
    if (ts.isVariableDeclaration(node) && node.name.getText() === "option" && node.initializer !== undefined)
      options.push(...[nameOf(node.initializer)].filter((name) => name !== undefined));
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const callee = node.expression.getText();
      const [first] = node.arguments ?? [];
      if (first !== undefined && (callee === "OptionError" || forwarding.has(callee))) {
        const name = nameOf(first);
        if (name !== undefined) options.push(name);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return options;
}

/** What a loop goes through: a list of names, or the entries of an object. */
function namesIn(list: ts.Node): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node)) names.push(node.text);
    if (ts.isShorthandPropertyAssignment(node)) names.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(list);
  return names;
}

function nameOf(argument: ts.Expression): string | undefined {
  // What has spaces in it is no option: the answer of a user's rule is judged by the same code, in a request.
  if (ts.isStringLiteral(argument)) return argument.text.includes(" ") ? undefined : argument.text;
  if (!ts.isTemplateExpression(argument)) return undefined;
  const name = argument.head.text + argument.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
  return name.startsWith("…") ? undefined : name;
}

/** Looks for such functions until there are no more: one may hand on to another. */
for (let found = -1; found !== forwarding.size; ) {
  found = forwarding.size;
  for (const source of sources) collect(source);
}

function collect(node: ts.Node): void {
  if (ts.isFunctionDeclaration(node) && node.name !== undefined && node.body !== undefined) {
    const [first] = node.parameters;
    if (first !== undefined && ts.isIdentifier(first.name) && handsOn(node.body, first.name.text))
      forwarding.add(node.name.text);
  }
  ts.forEachChild(node, collect);
}

function handsOn(body: ts.Node, parameter: string): boolean {
  let does = false;
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const callee = node.expression.getText();
      const first = node.arguments?.[0];
      const passed =
        first !== undefined &&
        (first.getText() === parameter || first.getText().startsWith(`\`\${${parameter}}`));
      if (passed && (callee === "OptionError" || forwarding.has(callee))) does = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return does;
}
