// What the editor lacks: its element has no name, and most of its buttons speak only English.
const WORDS = {
  "Add column": "Spalte hinzufügen",
  "Add row": "Zeile hinzufügen",
  "Delete column": "Spalte löschen",
  "Delete row": "Zeile löschen",
  "Delete table": "Tabelle löschen",
  "Heading 3": "Überschrift",
  "Heading 4": "Zwischenüberschrift",
  "Insert table": "Tabelle einfügen",
  "Merge cells": "Zellen verbinden",
  "Paragraph": "Absatz",
  "Split cell": "Zelle teilen",
  "Toggle header cell": "Kopfzelle ein oder aus",
  "blockquote": "Zitat",
  "bold": "fett",
  "heading 3": "Überschrift",
  "heading 4": "Zwischenüberschrift",
  "horizontal rule": "Trennlinie",
  "insert link": "Link einfügen",
  "italic": "kursiv",
  "ordered list": "nummerierte Liste",
  "paragraph": "Absatz",
  "redo": "wiederholen",
  "remove link": "Link entfernen",
  "subscript": "tiefgestellt",
  "superscript": "hochgestellt",
  "undo": "rückgängig",
  "unordered list": "Liste",
};

// They are on or off; the others do something once.
const TOGGLES = new Set(["bold", "italic", "subscript", "superscript", "bulletList", "orderedList", "blockquote"]);

const translate = (frame) => {
  for (const button of frame.querySelectorAll(".prose-menubar [title]")) {
    for (const name of ["title", "aria-label"]) {
      const word = WORDS[button.getAttribute(name)];
      if (word) button.setAttribute(name, word);
    }
  }
  for (const option of frame.querySelectorAll(".prose-menubar__option > *")) {
    if (option.textContent in WORDS) option.textContent = WORDS[option.textContent];
  }
};

// A button that does nothing here says so not only by its paleness.
const tellDisabled = (frame) => {
  for (const button of frame.querySelectorAll(".prose-menubar__button")) {
    const isOff = String(button.classList.contains("disabled"));
    if (button.ariaDisabled !== isOff) button.ariaDisabled = isOff;
  }
};

// The buttons are one stop for the tabulator; arrows, Home and End lead from one to the next.
const buttonsOf = (bar) =>
  [...bar.querySelectorAll("button:not(.prose-menubar__picker *)")].filter(
    (button) => !button.classList.contains("hidden"),
  );

const STEPS = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index - 1 + count) % count,
  Home: () => 0,
  End: (_index, count) => count - 1,
};

const leaveOneStop = (bar, chosen) => {
  const buttons = buttonsOf(bar);
  const stop = chosen ?? buttons.find((button) => button.tabIndex === 0 && button.dataset.stop) ?? buttons[0];
  for (const button of buttons) {
    button.tabIndex = button === stop ? 0 : -1;
    if (button === stop) button.dataset.stop = "1";
    else delete button.dataset.stop;
  }
};

const makeToolbar = (frame, text) => {
  const bar = frame.querySelector(".prose-menubar");
  if (!bar) return;
  leaveOneStop(bar);
  for (const button of buttonsOf(bar)) {
    if (button.closest(".prose-menubar__selected")) {
      button.setAttribute("aria-haspopup", "true");
    } else if (TOGGLES.has(button.dataset.name)) {
      const isOn = String(button.classList.contains("active"));
      if (button.ariaPressed !== isOn) button.ariaPressed = isOn;
    }
  }
  if (bar.role === "toolbar") return;
  bar.role = "toolbar";
  bar.ariaLabel = document.documentElement.lang === "de" ? "Textgestaltung" : "Formatting";
  text.id ||= `${frame.querySelector("textarea").id}_editor`;
  bar.setAttribute("aria-controls", text.id);
  bar.addEventListener("keydown", (event) => {
    const buttons = buttonsOf(bar);
    const index = buttons.indexOf(event.target.closest("button"));
    const step = STEPS[event.key];
    if (!step || index < 0) return;
    event.preventDefault();
    const next = buttons[step(index, buttons.length)];
    leaveOneStop(bar, next);
    next.focus();
  });
  bar.addEventListener("focusin", ({ target }) => {
    const button = target.closest("button");
    if (buttonsOf(bar).includes(button)) leaveOneStop(bar, button);
  });
};

// A dialog (of a link, of a list) has a title, but no name.
const nameDialog = (frame) => {
  const title = frame.querySelector(".prose-editor-dialog-title");
  if (!title || title.id) return;
  title.id = "prose-editor-dialog-title";
  title.closest("dialog").setAttribute("aria-labelledby", title.id);
};

document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  const text = editor.view.dom;
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  text.setAttribute("role", "textbox");
  text.setAttribute("aria-multiline", "true");
  // The text has the language of its programme, which need not be that of the page.
  text.lang = textarea.lang || document.documentElement.lang;
  text.spellcheck = true;
  if (label) {
    label.id ||= `${textarea.id}_label`;
    text.setAttribute("aria-labelledby", label.id);
  }
  // Label and list of errors lead to the textarea, which is hidden now.
  const links = document.querySelectorAll(`label[for="${textarea.id}"], a[href="#${textarea.id}"]`);
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      text.scrollIntoView({ block: "center" });
      editor.commands.focus();
    });
  }
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) text.setAttribute(name, textarea.getAttribute(name));
  }
  // The menu comes later, parts of it anew whenever the cursor enters another kind of block, and
  // dialogs come and go.
  const isGerman = document.documentElement.lang === "de";
  const frame = textarea.closest(".prose-editor");
  const complete = () => {
    nameDialog(frame);
    tellDisabled(frame);
    makeToolbar(frame, text);
    if (isGerman) translate(frame);
  };
  new MutationObserver(complete).observe(frame, {
    attributeFilter: ["class"],
    childList: true,
    subtree: true,
  });
  complete();
});
