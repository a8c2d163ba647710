import type { Context } from "../context.js";
import type { Organization } from "../environment.js";
import { ApiError, type Message, type Methods, message, notFound, page, text } from "./api.js";

const SERVICE = "scalekit.v1.organizations.OrganizationService";

export const organizationMethods: Methods = {
  [`${SERVICE}/CreateOrganization`]: ({ environment }, input) => {
    const name = text(input.organization, "display_name");
    if (name === undefined) throw new ApiError("invalid_argument", "display_name is required");
    const externalId = text(input.organization, "external_id");
    const added = environment.addOrganization({ name, ...(externalId === undefined ? {} : { externalId }) });
    return { organization: organizationMessage(added) };
  },
  [`${SERVICE}/GetOrganization`]: (context, input) => ({
    organization: organizationMessage(find(context, input)),
  }),
  [`${SERVICE}/GetOrganizationByExternalId`]: (context, input) => ({
    organization: organizationMessage(find(context, input)),
  }),
  [`${SERVICE}/ListOrganization`]: ({ environment }, input) => {
    const externalId = text(input, "external_id");
    const all = [...environment.organizations.values()].filter(
      (organization) => externalId === undefined || organization.externalId === externalId,
    );
    const { items, paging } = page(all, input);
    return { ...paging, organizations: items.map(organizationMessage) };
  },
  [`${SERVICE}/UpdateOrganization`]: (context, input) => {
    const before = find(context, input);
    const name = text(input.organization, "display_name") ?? before.name;
    const externalId = text(input.organization, "external_id") ?? before.externalId;
    const { id } = before;
    const after = context.environment.addOrganization({
      id,
      name,
      ...(externalId === undefined ? {} : { externalId }),
    });
    return { organization: organizationMessage(after) };
  },
  [`${SERVICE}/DeleteOrganization`]: (context, input) => {
    const { environment } = context;
    const { id } = find(context, input);
    for (const { id: connection, organizationId } of environment.connections.values())
      if (organizationId === id) environment.remove("connections", connection);
    environment.remove("organizations", id);
    return {};
  },
};

function find({ environment }: Context, input: Message): Organization {
  const id = text(input, "id");
  const externalId = text(input, "external_id");
  const found =
    id === undefined
      ? [...environment.organizations.values()].find(
          (one) => externalId !== undefined && one.externalId === externalId,
        )
      : environment.organizations.get(id);
  if (!found) throw notFound("organization", id ?? externalId);
  return found;
}

function organizationMessage({ id, name, externalId }: Organization): Message {
  return message({ id, display_name: name, external_id: externalId });
}
