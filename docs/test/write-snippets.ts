import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import ts from "typescript";
import { pages } from "./pages.js";
import { folder, pathOf, snippetsOf } from "./snippets.js";

/** Writes every block of code twice, for the compiler and for Node.js, before any test runs. */
export function setup(): void {
  rmSync(folder, { recursive: true, force: true });
  const snippets = pages().flatMap(snippetsOf);
  const server = snippets.find(({ name }) => name === "todo-server");
  // The server that most pages import and one of them shows; a page's own goes over it.
  const lent = server === undefined ? [] : pages().map((page) => ({ ...server, page }));
  for (const snippet of [...lent, ...snippets]) {
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
