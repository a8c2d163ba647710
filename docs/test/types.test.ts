import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import { pages, repository } from "./pages.js";
import { pathOf, snippetsOf } from "./snippets.js";

const snippets = pages().flatMap(snippetsOf);
const prelude = fileURLToPath(new URL("prelude.ts", import.meta.url));

test("every block of TypeScript in the guides and in the READMEs compiles", () => {
  const byFile = new Map(snippets.map((snippet) => [pathOf(snippet, "ts"), snippet]));
  const program = ts.createProgram([prelude, ...byFile.keys()], options());
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, "\n");
    const snippet = byFile.get(file?.fileName ?? "");
    if (file === undefined || snippet === undefined) return `${file?.fileName ?? ""}: ${message}`;
    const { line } = file.getLineAndCharacterOfPosition(start);
    return `${snippet.page.path}:${snippet.lines[line]} ${message}`;
  });
  expect(problems).toEqual([]);
});

function options(): ts.CompilerOptions {
  const base = `${repository}tsconfig.base.json`;
  const { config } = ts.readConfigFile(base, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, `${repository}docs`);
  return { ...options, declaration: false, isolatedDeclarations: false };
}
