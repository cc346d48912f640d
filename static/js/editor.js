// The editor replaces a textarea by an element without a name: give it the label, hint and errors
// of the field, and let the label lead into the text.
document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  const text = editor.view.dom;
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  text.setAttribute("role", "textbox");
  text.setAttribute("aria-multiline", "true");
  if (label) {
    label.id ||= `${textarea.id}_label`;
    text.setAttribute("aria-labelledby", label.id);
    label.addEventListener("click", () => editor.commands.focus());
  }
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) text.setAttribute(name, textarea.getAttribute(name));
  }
  // A link in the list of errors leads to the id of the textarea, which is hidden now.
  const id = textarea.id;
  textarea.id = `${id}_source`;
  text.id = id;
});
