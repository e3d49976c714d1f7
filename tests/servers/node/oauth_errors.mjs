// An OAuth server that refuses on demand. The consent page answers with the error named by
// `login_hint=error:<name>`; the token endpoint with `TANDEM_TOKEN_ERROR`, when it is set by
// `login_hint=token:<name>` at the consent page before.
import { Events, OAuth2Server } from "oauth2-mock-server";

const server = new OAuth2Server();
await server.issuer.keys.generate("RS256");
await server.start(0, "127.0.0.1");

let tokenError = "";

server.service.on(Events.BeforeAuthorizeRedirect, ({ url }, request) => {
  const asked = new URL(request.url, server.issuer.url).searchParams;
  const [where, name] = (asked.get("login_hint") ?? "").split(":");
  tokenError = where === "token" ? name : "";
  if (where === "error") {
    url.searchParams.delete("code");
    url.searchParams.set("error", name);
  }
});

server.service.on(Events.BeforeResponse, (response) => {
  if (tokenError) {
    response.statusCode = 400;
    response.body = { error: tokenError };
  }
});

console.log(`listening on ${server.address().port}`);
