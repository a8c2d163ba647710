/** How people connect their own host to the running server. */
export function connecting(url: string): string {
  const { origin } = new URL(url);
  return `Your turn: the server stays up until you press Ctrl-C.

  Claude Code      claude mcp add --transport http todo ${url}
                   then type /mcp, choose "todo" and authenticate
  Cursor           in ~/.cursor/mcp.json: { "mcpServers": { "todo": { "url": "${url}" } } }
  VS Code          code --add-mcp '{"name":"todo","type":"http","url":"${url}"}'
  MCP Inspector    npx @modelcontextprotocol/inspector
                   Streamable HTTP, ${url}, then Connect
  curl             curl -i ${url}
                   curl ${origin}/.well-known/oauth-protected-resource/mcp

Your host opens a browser, where you choose whom to be and what to allow. There are no passwords.
`;
}
