import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./styles/tokens.css";
import "./styles/base.css";
import { App } from "./app/App";
import { applyTheme } from "./app/theme";
import { speak } from "./i18n";

applyTheme();
const root = document.getElementById("root");

function draw(): void {
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

// A language that cannot be loaded must not keep anybody out: then it is English.
speak(navigator.languages).then(draw, draw);
