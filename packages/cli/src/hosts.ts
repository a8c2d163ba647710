import type { Finding } from "./finding.js";

export interface HostVerdict {
  readonly host: string;
  readonly connects: "yes" | "no" | "perhaps";
  /** Why not, or what to expect; findings' codes in parentheses. */
  readonly reasons: readonly string[];
}

interface HostProfile {
  readonly host: string;
  /** Codes that stop this host beside those that stop every host. */
  readonly stops: readonly string[];
  /** Codes that may stop it, or spoil the login. */
  readonly hampers: readonly string[];
  /** Connects from the cloud: a server on loopback or in a private network is out of its reach. */
  readonly cloud?: boolean;
}

/** Without these nobody gets as far as a login. */
const stopsAll = [
  "unreachable",
  "no-answer",
  "not-401-without-token",
  "url-not-an-identifier",
  "redirects",
  "challenge-missing",
  "metadata-nowhere",
  "metadata-not-found",
  "metadata-needs-token",
  "challenge-points-nowhere",
  "challenge-misdirects",
  "resource-missing",
  "resource-not-a-url",
  "resource-mismatch",
  "no-authorization-server",
  "issuer-not-usable",
  "issuer-without-metadata",
  "code-flow-not-advertised",
  "endpoint-not-usable",
  "certificate-refused",
  "url-refused",
];

const sdk = ["challenge-bearer-not-first", "challenge-misread-by-sdk", "resource-trailing-slash"];

const profiles: readonly HostProfile[] = [
  {
    host: "Claude",
    stops: [
      ...sdk,
      "url-not-https",
      "address-not-global",
      "address-without-ipv4",
      "pkce-not-advertised",
      "no-registration",
    ],
    hampers: [
      "issuer-mismatch",
      "slow",
      "public-clients-not-advertised",
      "bad-token-not-401",
      "challenge-without-scope",
    ],
    cloud: true,
  },
  {
    host: "Cursor",
    stops: [...sdk, "pkce-not-advertised", "no-registration"],
    hampers: ["issuer-mismatch", "bad-token-not-401", "challenge-without-scope"],
  },
  {
    host: "VS Code",
    stops: ["challenge-malformed", "resource-trailing-slash"],
    hampers: [
      "no-registration",
      "pkce-not-advertised",
      "issuer-mismatch",
      "resource-is-parent",
      "bad-token-not-401",
    ],
  },
  {
    host: "ChatGPT",
    stops: [
      "url-not-https",
      "address-not-global",
      "pkce-not-advertised",
      "no-registration",
      "challenge-malformed",
    ],
    hampers: [
      "issuer-mismatch",
      "resource-is-parent",
      "challenge-without-scope",
      "slow",
      "bad-token-not-401",
    ],
    cloud: true,
  },
];

/** Would each well-known host connect, and if not, why not. Judged from the findings. */
export function hostVerdicts(findings: readonly Finding[], isLoopback: boolean): readonly HostVerdict[] {
  return profiles.map((profile) => verdict(profile, findings, isLoopback));
}

function verdict(profile: HostProfile, findings: readonly Finding[], isLoopback: boolean): HostVerdict {
  const { host } = profile;
  const reason = ({ why, check, code }: Finding): string => `${why} (${check} ${code})`;
  const open = findings.find(({ code }) => code === "open-without-token");
  const among = (codes: readonly string[]): readonly Finding[] =>
    findings.filter(({ code, outcome }, index) => {
      if (outcome === "info" && !profile.hampers.includes(code)) return false;
      return codes.includes(code) && findings.findIndex((finding) => finding.code === code) === index;
    });
  if (open !== undefined) {
    return {
      host,
      connects: "perhaps",
      reasons: ["It connects without a login: the server is open (V2 open-without-token)"],
    };
  }
  // Whatever stopped our own login stops a host's.
  const login = findings.filter(({ check, code, outcome }) => {
    return check === "V32" && outcome === "fail" && /^(?:login-|token-refused)/.test(code);
  });
  const stopped = [
    ...among([...stopsAll, ...profile.stops]).filter(({ outcome }) => outcome !== "info"),
    ...login,
  ];
  if (stopped.length > 0) return { host, connects: "no", reasons: stopped.map(reason) };
  const reasons = among(profile.hampers).map(reason);
  if (profile.cloud === true && isLoopback)
    reasons.push(`Once it is published: ${host} connects from the cloud`);
  return { host, connects: reasons.length > 0 ? "perhaps" : "yes", reasons };
}
