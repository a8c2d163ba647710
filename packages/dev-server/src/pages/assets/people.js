import { openDialog } from "/_dev/dialog.js";
import { copy, fillRows, h } from "/_dev/dom.js";
import { api, change, removal, state, view } from "/_dev/state.js";

function renderUsers() {
  const names = new Map(state.organizations.map((organization) => [organization.id, organization.name]));
  const rows = state.users.map((user) => {
    const name = user.name ?? user.email;
    const about = [user.email, names.get(user.organizationId), ...(user.roles ?? [])]
      .filter(Boolean)
      .join(" · ");
    return h(
      "div.row",
      {},
      h("span.avatar", { "aria-hidden": "true" }, initials(name)),
      h("div", {}, name, h("small", {}, about)),
      h("span.actions", {}, removal(name, `users/${encodeURIComponent(user.id)}`)),
    );
  });
  fillRows("user-list", rows, "There is nobody to log in as.");
}

function renderOrganizations() {
  const rows = state.organizations.map(({ id, name, externalId }) =>
    h(
      "div.row",
      {},
      h("div", {}, name, h("small", {}, h("code", {}, externalId ? `${id} · ${externalId}` : id))),
      h("span.actions", {}, removal(name, `organizations/${encodeURIComponent(id)}`)),
    ),
  );
  fillRows("organization-list", rows, "There is no organization.");
}

export function addOrganization() {
  openDialog({
    title: "Add organization",
    fields: [
      { name: "name", label: "Name", value: "", required: true },
      { name: "externalId", label: "Your own id", value: "", help: "Appears as xoid in tokens" },
    ],
    save: ({ name, externalId }) =>
      api("POST", "organizations", { name, ...(externalId ? { externalId } : {}) }),
  });
}

function initials(name) {
  return name
    .split(/[\s@.]+/)
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
}

export function addUser() {
  openDialog({
    title: "Add user",
    fields: [
      {
        name: "email",
        label: "E-mail address",
        type: "email",
        value: "",
        required: true,
        help: "With +sktest in it, the code 424242 logs it in",
      },
      { name: "name", label: "Name", value: "" },
      {
        name: "organizationId",
        label: "Organization",
        value: state.organizations[0]?.id ?? "",
        options: state.organizations.map(({ id, name }) => [id, name]),
      },
      { name: "roles", label: "Roles", value: "", help: "Separated by spaces" },
      { name: "permissions", label: "Permissions", value: "", help: "Separated by spaces" },
    ],
    save: ({ email, name, organizationId, roles, permissions }) =>
      api("POST", "users", {
        email,
        ...(name === "" ? {} : { name }),
        ...(organizationId ? { organizationId } : {}),
        roles: words(roles),
        permissions: words(permissions),
      }),
  });
}

const words = (text) => text.split(/\s+/).filter((word) => word !== "");

function renderClients() {
  const servers = new Map(state.servers.map((server) => [server.id, server.name]));
  const rows = state.clients.map((client) => {
    const about = [servers.get(client.serverId) ?? "environment", ...(client.redirectUris ?? [])].join(" · ");
    return h(
      "div.row",
      {},
      h(
        "div",
        {},
        client.name,
        " ",
        h("span.pill.off", {}, client.source === "dcr" ? "DCR" : "by hand"),
        h("small", {}, h("code", {}, client.id)),
        h("small", {}, about),
      ),
      h(
        "span.actions",
        {},
        secretButton(client),
        removal(client.name, `clients/${encodeURIComponent(client.id)}`),
      ),
    );
  });
  fillRows("client-list", rows, "No client has registered yet.");
}

function secretButton({ name, secret }) {
  if (!secret) return undefined;
  const onclick = () => copy(secret, "Secret");
  return h("button.small", { "aria-label": `Copy the secret of ${name}`, onclick }, "Copy secret");
}

export function addClient() {
  openDialog({
    title: "Register client",
    fields: [
      { name: "name", label: "Name", value: "", required: true },
      {
        name: "server",
        label: "MCP server",
        value: "",
        options: [["", "all of them"], ...state.servers.map(({ id, name }) => [id, name])],
      },
      {
        name: "redirectUris",
        label: "Redirect URIs",
        value: "",
        rows: 2,
        help: "One a line; none for a machine",
      },
      { name: "confidential", label: "With a secret, for client credentials", checked: true },
    ],
    save: ({ name, server, redirectUris, confidential }) =>
      api("POST", "clients", {
        name,
        confidential,
        redirectUris: words(redirectUris),
        ...(server ? { server } : {}),
      }),
  });
}

function renderConsents() {
  const users = new Map(state.users.map((user) => [user.id, user.name ?? user.email]));
  const clients = new Map(state.clients.map((client) => [client.id, client.name]));
  const rows = state.consents.map((consent) => {
    const user = users.get(consent.accountId.split("/")[0]) ?? consent.accountId;
    const client = clients.get(consent.clientId) ?? consent.clientId;
    return h(
      "div.row",
      {},
      h("div", {}, `${user} allows ${client}`, h("small", {}, h("code", {}, consent.scopes.join(" ")))),
      h(
        "button.small.danger",
        {
          "aria-label": `Revoke what ${user} allows ${client}`,
          onclick: () => change("DELETE", `consents/${consent.id}`, undefined, "Consent revoked"),
        },
        "Revoke",
      ),
    );
  });
  fillRows("consent-list", rows, "Nobody has allowed anything yet.");
}

view(({ users, organizations }) => [users, organizations], renderUsers);
view(({ organizations }) => organizations, renderOrganizations);
view(({ clients, servers }) => [clients, servers], renderClients);
view(({ consents, users, clients }) => [consents, users, clients], renderConsents);
