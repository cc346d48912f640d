// What Django's admin leaves without a name: fields in tables, both halves of a moment, select2.
const text = (node) => node?.textContent.replace(/[:\s]+$/, "").trim() ?? "";

// The column's head in a table, else the label of the row.
const wordsFor = (field) => {
  const cell = field.closest(".tabular td");
  if (cell) return text(cell.closest("table").tHead.rows[0].cells[cell.cellIndex]);
  const row = field.closest(".fieldBox, .form-row");
  return text(field.labels?.[0] ?? row?.querySelector("label, legend"));
};

const nameField = (field) => {
  if (field.type === "hidden" || field.labels.length || field.hasAttribute("aria-label")) return;
  const half = field.closest(".datetime") ? text(field.previousSibling) : "";
  const name = [wordsFor(field), half].filter(Boolean).join(", ");
  if (name) field.setAttribute("aria-label", name);
};

const nameChoice = (select) => {
  const name = wordsFor(select);
  const box = select.nextElementSibling?.querySelector(".select2-selection");
  if (!name || !box) return;
  const parts = box.querySelectorAll(".select2-selection__rendered[role], .select2-search__field");
  for (const part of [box, ...parts]) {
    // Its own reference leads to the chosen value, which is empty at first.
    if (part === box) part.removeAttribute("aria-labelledby");
    part.setAttribute("aria-label", name);
  }
};

const nameHead = (head) => {
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = text(head.closest("fieldset")?.querySelector("h2"));
  head.append(words);
};

const FIELDS = ":is(.aligned, .tabular) :is(input, select, textarea)";
const nameAll = () => {
  for (const field of document.querySelectorAll(FIELDS)) nameField(field);
  for (const select of document.querySelectorAll(".select2-hidden-accessible")) nameChoice(select);
  for (const head of document.querySelectorAll(".tabular thead th:empty")) nameHead(head);
};

// Rows are added, and select2 comes when it likes.
new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
nameAll();
