import { expect, it } from "vitest";
import { describePolicy, type PolicyOptions, policyMarkdown } from "../../src/index.js";

const policy: PolicyOptions = {
  baseline: "todo:read",
  tools: {
    list_todos: "todo:read",
    merge: ["todo:read", "todo:write"],
    share: { anyOf: ["todo:share", "todo:admin"], person: true },
    purge: { scopes: "todo:write", permissions: "todos.purge", roles: ["owner", "admin"] },
    about: { public: true },
    whoami: [],
    move: () => true,
  },
  resources: { "docs://{topic}": "docs:read" },
  prompts: { "a|b": "todo:read" },
  methods: { "acme/export": "todo:export" },
};

it("describes a policy as a Markdown table", () => {
  expect(policyMarkdown(policy)).toBe(`| | name | needs |
| --- | --- | --- |
| baseline | \`everything else\` | \`todo:read\` |
| tool | \`list_todos\` | \`todo:read\` |
| tool | \`merge\` | \`todo:read\` and \`todo:write\` |
| tool | \`share\` | one of \`todo:share\`, \`todo:admin\` and a person |
| tool | \`purge\` | \`todo:write\` and permission \`todos.purge\` and role \`owner\` or \`admin\` |
| tool | \`about\` | nothing: public |
| tool | \`whoami\` | any authenticated caller |
| tool | \`move\` | decided from the call |
| resource | \`docs://{topic}\` | \`docs:read\` |
| prompt | \`a\\|b\` | \`todo:read\` |
| method | \`acme/export\` | \`todo:export\` |
`);
});

it("describes a policy as data", () => {
  expect(describePolicy({ tools: { share: { anyOf: ["a", "b"], person: true } } })).toEqual([
    {
      kind: "baseline",
      name: "everything else",
      scopes: [],
      anyOf: [],
      permissions: [],
      roles: [],
      person: false,
      public: false,
      dynamic: false,
    },
    {
      kind: "tool",
      name: "share",
      scopes: [],
      anyOf: ["a", "b"],
      permissions: [],
      roles: [],
      person: true,
      public: false,
      dynamic: false,
    },
  ]);
});
