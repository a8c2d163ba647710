import type { Check } from "../check.js";
import { authorizationServerChecks } from "./authorization-server.js";
import { badTokensCheck } from "./bad-tokens.js";
import { bodiesCheck } from "./bodies.js";
import { bypassCheck } from "./bypass.js";
import { challengeGrammarCheck } from "./challenge-grammar.js";
import { challengeParametersCheck } from "./challenge-parameters.js";
import { corsCheck } from "./cors.js";
import { eraCheck } from "./era.js";
import { guideChecks } from "./guide.js";
import { hostSpoofingCheck } from "./host-spoofing.js";
import { leaksCheck } from "./leaks.js";
import { metadataLocationsCheck } from "./metadata-locations.js";
import { metadataPublicCheck } from "./metadata-public.js";
import { metadataResourceCheck } from "./metadata-resource.js";
import { metadataScopesCheck } from "./metadata-scopes.js";
import { metadataServersCheck } from "./metadata-servers.js";
import { originChecks } from "./origin.js";
import { redirectsCheck } from "./redirects.js";
import { registrationCheck } from "./registration.js";
import { remoteUrlsCheck } from "./remote-urls.js";
import { tokenPlacesChecks } from "./token-places.js";
import { transportCheck } from "./transport.js";
import { unauthenticatedChecks } from "./unauthenticated.js";
import { urlCheck } from "./url.js";

/** Everything that can be seen from outside without a token, in the order of the report. */
export const outsideChecks: readonly Check[] = [
  ...guideChecks,
  urlCheck,
  ...unauthenticatedChecks,
  badTokensCheck,
  challengeGrammarCheck,
  challengeParametersCheck,
  redirectsCheck,
  metadataLocationsCheck,
  metadataResourceCheck,
  metadataServersCheck,
  metadataScopesCheck,
  metadataPublicCheck,
  hostSpoofingCheck,
  ...authorizationServerChecks,
  registrationCheck,
  ...originChecks,
  ...tokenPlacesChecks,
  bypassCheck,
  bodiesCheck,
  corsCheck,
  transportCheck,
  leaksCheck,
  eraCheck,
  remoteUrlsCheck,
];
