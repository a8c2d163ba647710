import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import ts from "typescript";
import { pages } from "./pages.js";
import { folder, pathOf, snippetsOf } from "./snippets.js";

/** Writes every block of code twice, for the compiler and for Node.js, before any test runs. */
export function setup(): void {
  rmSync(folder, { recursive: true, force: true });
  for (const snippet of pages().flatMap(snippetsOf)) {
    mkdirSync(dirname(pathOf(snippet, "ts")), { recursive: true });
    const module = `${snippet.code}\nexport {};\n`;
    writeFileSync(pathOf(snippet, "ts"), module);
    const { outputText } = ts.transpileModule(module, {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        verbatimModuleSyntax: true,
      },
    });
    writeFileSync(pathOf(snippet, "js"), outputText);
  }
}
