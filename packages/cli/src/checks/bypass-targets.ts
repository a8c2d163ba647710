/** Request targets that some router takes for the endpoint although a guard may not (raw, as on the request line). */
export function bypassTargets(path: string, origin: URL): readonly string[] {
  const bare = path.replace(/\/$/, "");
  const name = bare.slice(bare.lastIndexOf("/") + 1);
  const parent = bare.slice(0, bare.length - name.length);
  const first = name.charAt(0);
  const encoded = `%${first.charCodeAt(0).toString(16)}${name.slice(1)}`;
  const general = [
    `${path}?.well-known`,
    `${path}?x=/.well-known/oauth-protected-resource`,
    `${path}#.well-known`,
    `${bare}/.well-known`,
    `${bare}/.well-known/oauth-protected-resource`,
    `${bare}/x.well-known`,
    `/.well-known/..${path}`,
    `/.well-known/oauth-protected-resource/../..${path}`,
    `${bare}/.well-known/..`,
    `/.well-known/%2e%2e${path}`,
    `/.well-known/..%2f${path.slice(1)}`,
    `http://x.well-known${path}`,
    `http://evil.example/.well-known/..${path}`,
    `${origin.origin}${path}`,
    `/${path}`,
    `/.${path}`,
    `/x/..${path}`,
    `${bare}//`,
    `${bare};jsessionid=1`,
    `${bare}%00`,
    `${bare}%20`,
    `${bare}%2f`,
    `${bare}%5c`,
    `${bare}\\`,
    `${bare}/login`,
  ];
  const named = [
    `${parent}${name.toUpperCase()}`,
    `${parent}${first.toUpperCase()}${name.slice(1)}`,
    `${bare}/`,
    `${parent}${encoded}`,
    `${parent}%25${encoded.slice(1)}`,
    `${bare}.json`,
  ];
  // A digit or a sign has no upper case, and an endpoint at the root has no name at all.
  const usable = name === "" ? general : [...general, ...named];
  return [...new Set(usable)].filter((target) => target !== path);
}
