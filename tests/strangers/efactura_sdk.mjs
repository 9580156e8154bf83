// One visit to ANAF by the public client `efactura-sdk`, step by step. Standard input: one JSON object with the
// addresses, the credentials, a fresh code and two documents. Standard output: what each step gave, as one JSON object.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const { AnafAuthenticator, AnafDetailsClient, AnafEfacturaClient } = createRequire(import.meta.url)("efactura-sdk");
console.log = console.error; // the client talks; standard output is for the result
const given = JSON.parse(await text(process.stdin));

// The client's API address is a setting (`basePath`); that of the sign-in is fixed in it, so it is turned on the way.
const carry = globalThis.fetch;
const asked = [];
globalThis.fetch = (url, options) => {
  const target = String(url).replace("https://logincert.anaf.ro", given.login);
  asked.push(`${options?.method ?? "GET"} ${new URL(target).pathname}`);
  return carry(target, options);
};

const steps = {};
async function step(name, take) {
  try {
    steps[name] = { value: await take() };
  } catch (error) {
    steps[name] = { error: error.name, message: error.message };
  }
  return steps[name].value;
}
const described = (zip) => zip && { bytes: zip.length, sha256: createHash("sha256").update(zip).digest("hex") };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function settled(client, index) {
  for (let turn = 0; turn < 100; turn++) {
    const state = await client.getStatusMessage(index);
    if (state.stare !== "in prelucrare") return state;
    await pause(50);
  }
  throw new Error(`${index} is still being processed`);
}

const oauth = new AnafAuthenticator({
  clientId: given.client_id,
  clientSecret: given.client_secret,
  redirectUri: given.redirect_uri,
});
let tokens = await oauth.exchangeCodeForToken(given.code);
await step("refresh", async () => {
  const renewed = await oauth.refreshAccessToken(tokens.refresh_token);
  const changed = renewed.refresh_token !== tokens.refresh_token;
  tokens = renewed;
  return { changed, expires_in: renewed.expires_in, token_type: renewed.token_type };
});

function client(vatNumber, basePath = given.base_path) {
  const expiresAt = Date.now() + tokens.expires_in * 1000;
  const { access_token: accessToken, refresh_token: refreshToken } = tokens;
  return new AnafEfacturaClient({ vatNumber, basePath, accessToken, refreshToken, expiresAt }, oauth);
}
const mine = client(given.cif);
const sent = await step("upload", () => mine.uploadDocument(given.good));
const state = await step("state", () => settled(mine, sent.indexIncarcare));
await step("download", async () => described(await mine.downloadDocument(state.idDescarcare)));
await step("whole", async () => described((await mine.getUploadStatus(sent.indexIncarcare)).data));

const bad = await step("upload_bad", () => mine.uploadDocument(given.bad));
await step("state_bad", () => settled(mine, bad.indexIncarcare));
await step("whole_bad", async () => {
  const outcome = await mine.getUploadStatus(bad.indexIncarcare);
  return { stare: outcome.stare, errors: outcome.errors };
});

await step("list", () => mine.getMessages({ zile: 1 }));
await step("list_errors", () => mine.getMessages({ zile: 1, filtru: "E" }));
const now = Date.now();
await step("pages", () => mine.getMessagesPaginated({ startTime: now - 3600e3, endTime: now, pagina: 1 }));
await step("no_pages", () => mine.getMessagesPaginated({ startTime: now - 7200e3, endTime: now - 3600e3, pagina: 1 }));

await step("no_right", () => client(given.strange_cif).uploadDocument(given.good));
await step("list_no_right", () => client(given.strange_cif).getMessages({ zile: 1 }));
await step("unknown_state", () => mine.getStatusMessage("1"));
await step("unknown_download", async () => described(await mine.downloadDocument("1")));
await step("list_with_ro", () => client(`RO${given.cif}`).getMessages({ zile: 1 }));
await step("no_such_path", () => client(given.cif, given.base_path.replace("FCTEL", "FCTELX")).getMessages({ zile: 1 }));

const register = new AnafDetailsClient({ url: given.register });
await step("company", () => register.getCompanyData(`RO${given.cif}`));
await step("no_company", () => register.getCompanyData("RO99999999"));

process.stdout.write(JSON.stringify({ steps, asked }));
