// The page at `/`.

import { $, copy } from "/_dev/dom.js";
import "/_dev/faults.js";
import { follow } from "/_dev/log.js";
import { addClient, addOrganization, addUser } from "/_dev/people.js";
import { editServer } from "/_dev/servers.js";
import { refresh, state, view } from "/_dev/state.js";

view(
  ({ url }) => url,
  () => {
    $("environment-url").textContent = state.url;
  },
);
$("copy-environment").onclick = () => copy(state.url, "Environment URL");
$("add-server").onclick = () => editServer(undefined);
$("add-user").onclick = addUser;
$("add-organization").onclick = addOrganization;
$("add-client").onclick = addClient;
await refresh();
follow();
