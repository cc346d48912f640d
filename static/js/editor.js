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
    if (isGerman) translate(frame);
  };
  new MutationObserver(complete).observe(frame, {
    attributeFilter: ["class"],
    childList: true,
    subtree: true,
  });
  complete();
});
