import "@renderer/lib/no-eval";
import { App } from "@renderer/app/app";
import { startBridge } from "@renderer/lib/bridge";
import { steadyLink } from "@renderer/lib/socket-port";
import "@renderer/ui/tokens.css";
import { createRoot } from "react-dom/client";
import { pipe, serveMock } from "./mock-services";

// A page to look at the window with, without services: `?empty`, `?live`, `?theme=dark`.
const query = new URLSearchParams(location.search);
const [mine, theirs] = pipe();
const theme = query.get("theme");
serveMock(theirs, {
  empty: query.has("empty"),
  live: query.has("live"),
  theme: theme === "dark" || theme === "light" ? theme : "system",
});
startBridge(steadyLink(mine));
const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
