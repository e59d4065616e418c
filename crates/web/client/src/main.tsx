import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./styles/tokens.css";
import "./styles/base.css";
import { App } from "./app/App";
import { applyTheme } from "./app/theme";
import { loadLanguage } from "./i18n";

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

// If a language cannot be loaded, the page is shown in English.
loadLanguage(navigator.languages).then(draw, draw);
