// The served shell from its bundle, without the set-up that `npm start` does first.
const { main } = await import(new URL("../../out/main/index.js", import.meta.url).href);
await main({ flags: process.argv.slice(2), why: "for a test" });
