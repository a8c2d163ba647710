import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { expect, test } from "vitest";
import { pages, repository } from "./pages.js";

const others = readdirSync(`${repository}examples`).map((name) => `examples/${name}/README.md`);
const linked = [
  ...pages(),
  ...["CONTRIBUTING.md", "SECURITY.md", ...others]
    .filter((path) => existsSync(`${repository}${path}`))
    .map((path) => ({ path, text: readFileSync(`${repository}${path}`, "utf8") })),
];

test.each(linked.map((page) => [page.path, page] as const))("every link of %s leads somewhere", (_, page) => {
  const text = page.text.replace(/```[\s\S]*?```/g, "");
  const broken = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)]
    .map(([, target]) => target ?? "")
    .filter((target) => {
      const [path = "", anchor] = target.split("#");
      const file =
        path === "" ? `${repository}${page.path}` : resolve(dirname(`${repository}${page.path}`), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && !(statSync(file).isFile() && anchorsOf(file).includes(anchor));
    });
  expect(broken).toEqual([]);
});

test("the index and the README lead to every guide", () => {
  const guides = pages()
    .filter(({ path }) => path.startsWith("docs/") && path !== "docs/README.md")
    .map(({ path }) => path.slice("docs/".length));
  const index = pages().find(({ path }) => path === "docs/README.md")?.text ?? "";
  const readme = pages().find(({ path }) => path === "README.md")?.text ?? "";
  expect(guides.length).toBeGreaterThan(10);
  expect(guides.filter((guide) => !index.includes(`(${guide})`))).toEqual([]);
  expect(guides.filter((guide) => !readme.includes(`(docs/${guide})`))).toEqual([]);
});

/** As GitHub makes them of headings. */
function anchorsOf(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
