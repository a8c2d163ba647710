import { openDialog } from "/_dev/dialog.js";
import { $, copy, h } from "/_dev/dom.js";
import { api, removal, state, view } from "/_dev/state.js";

function renderServers() {
  const cards = state.servers.map(serverCard);
  const none = h("div.card.empty-card", {}, h("p", {}, "No MCP server is registered yet."));
  $("server-list").replaceChildren(...(cards.length > 0 ? cards : [none]));
}

function serverCard(server) {
  const metadata = JSON.stringify(server.metadata, null, 2);
  const variables = Object.entries(server.env)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");
  return h(
    "article.card",
    { "data-server": server.id },
    h(
      "div.server-head",
      {},
      h("div", {}, h("h3", {}, server.name), h("code.soft", {}, server.url ?? "no URL yet")),
      h(
        "div.actions",
        {},
        h("button.small", { "aria-label": `Edit ${server.name}`, onclick: () => editServer(server) }, "Edit"),
        removal(server.name, `servers/${server.id}`),
      ),
    ),
    h(
      "div.chips",
      {},
      ...server.scopes.map((scope) => h("code", { title: scope.description ?? "" }, scope.name)),
    ),
    h("div.chips", {}, ...traits(server)),
    h(
      "div.actions",
      {},
      h("button.small", { onclick: () => copy(metadata, "Metadata JSON") }, "Copy Metadata JSON"),
      h("button.small", { onclick: () => copy(variables, "Variables") }, "Copy variables"),
    ),
    h(
      "details",
      {},
      h("summary", {}, "Metadata JSON and variables"),
      h("pre", { tabIndex: 0 }, metadata),
      h("pre", { tabIndex: 0 }, variables),
    ),
  );
}

function traits(server) {
  const pill = (on, text) => h(on ? "span.pill" : "span.pill.off", {}, text);
  return [
    pill(server.dcr, server.dcr ? "DCR on" : "DCR off"),
    pill(server.cimd, server.cimd ? "CIMD on" : "CIMD off"),
    pill(true, `tokens ${server.accessTokenLifetime} s`),
    server.accessTokenFormat === "opaque" ? pill(true, "opaque tokens") : undefined,
    server.intersectScopesUserPermission ? pill(true, "scopes ∩ permissions") : undefined,
    server.customLogin ? pill(true, "own login page") : undefined,
  ];
}

export function editServer(server) {
  const scopes = (server?.scopes ?? []).map((scope) =>
    scope.description ? `${scope.name} ${scope.description}` : scope.name,
  );
  openDialog({
    title: server ? `Edit ${server.name}` : "Register MCP server",
    fields: [
      { name: "name", label: "Name", value: server?.name ?? "", required: true },
      {
        name: "url",
        label: "Server URL",
        value: server?.url ?? "",
        placeholder: "http://127.0.0.1:3002/mcp",
        help: "As clients type it; it becomes an audience of every token",
      },
      {
        name: "scopes",
        label: "Scopes",
        value: scopes.join("\n"),
        rows: 3,
        placeholder: "todo:read See your todos",
        help: "One a line: name, then what it means",
      },
      { name: "dcr", label: "Dynamic client registration", checked: server?.dcr ?? true },
      { name: "cimd", label: "Client ID metadata documents", checked: server?.cimd ?? true },
      {
        name: "intersectScopesUserPermission",
        label: "Grant only what the user is permitted",
        checked: server?.intersectScopesUserPermission ?? false,
      },
      {
        name: "opaque",
        label: "Opaque access tokens, to be introspected",
        checked: server?.accessTokenFormat === "opaque",
      },
      {
        name: "accessTokenLifetime",
        label: "Access tokens live, in seconds",
        type: "number",
        value: server?.accessTokenLifetime ?? 3600,
        required: true,
      },
      {
        name: "login",
        label: "Your own login page",
        value: server?.customLogin?.url ?? "",
        placeholder: "http://localhost:3000/login",
        help: "Left empty, people log in on this server",
      },
    ],
    save: (values) => {
      const body = serverBody(values, server);
      return server ? api("PATCH", `servers/${server.id}`, body) : api("POST", "servers", body);
    },
  });
}

function serverBody({ opaque, login, url, scopes, accessTokenLifetime, ...rest }, server) {
  return {
    ...rest,
    ...(url === "" ? (server ? { url: null } : {}) : { url }),
    scopes: scopes
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map(parseScope),
    accessTokenLifetime: Number(accessTokenLifetime),
    accessTokenFormat: opaque ? "opaque" : "jwt",
    ...(login === ""
      ? server
        ? { customLogin: null }
        : {}
      : { customLogin: { ...server?.customLogin, url: login } }),
  };
}

function parseScope(line) {
  const [name, ...description] = line.trim().split(/\s+/);
  return description.length > 0 ? { name, description: description.join(" ") } : { name };
}

view(({ servers }) => servers, renderServers);
