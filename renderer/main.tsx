import "@renderer/lib/no-eval";
import { App } from "@renderer/app/app";
import { startBridge } from "@renderer/lib/bridge";
import "@renderer/ui/tokens.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

startBridge();
const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root.");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
