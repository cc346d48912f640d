// Light, dark or as the system says. Loaded in the head without defer, so that the first paint is right.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const KEY = "theme";

  const chosen = () => {
    try {
      const theme = localStorage.getItem(KEY);
      return theme === "light" || theme === "dark" ? theme : "system";
    } catch {
      return "system"; // storage is switched off
    }
  };

  const show = () => {
    const choice = chosen();
    root.dataset.kernTheme = choice === "system" ? (system.matches ? "dark" : "light") : choice;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
  };

  show();
  system.addEventListener("change", show);
  addEventListener("storage", show);
  // Paper is light.
  addEventListener("beforeprint", () => {
    root.dataset.kernTheme = "light";
  });
  addEventListener("afterprint", show);

  document.addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll("[data-theme-switch]")) {
      group.hidden = false;
      group.addEventListener("click", (event) => {
        const button = event.target.closest("[data-theme-choice]");
        if (!button) return;
        try {
          if (button.dataset.themeChoice === "system") localStorage.removeItem(KEY);
          else localStorage.setItem(KEY, button.dataset.themeChoice);
        } catch {
          // Without storage the choice holds for this page only.
          root.dataset.kernTheme = button.dataset.themeChoice;
          return;
        }
        show();
      });
    }
    show();
  });
})();
