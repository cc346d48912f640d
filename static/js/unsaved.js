// Ask before a page is left on which something was typed that is not saved.
(() => {
  const FORMS = 'form[method="post"]:not(#changelist-form, #logout-form, [data-unsaved="ignore"])';
  const changed = new Set();
  let sent = null;

  const note = (form) => {
    // Whoever types a password is on the way in: there is nothing to keep.
    if (form?.matches(FORMS) && !form.querySelector('[type="password"]')) changed.add(form);
  };
  const noteTarget = ({ target }) => {
    if (!target.closest("dialog")) note(target.form ?? target.closest("form"));
  };

  // The editor writes into its field with an event of its own; before it is ready, it only tidies.
  document.addEventListener("input", noteTarget);
  document.addEventListener("change", noteTarget);
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) sent = event.target;
  });
  addEventListener("pageshow", () => {
    sent = null;
  });
  addEventListener("beforeunload", (event) => {
    const isOpen = [...changed].some((form) => form !== sent && form.isConnected);
    // A form that was not sent, because another one was, is asked for again next time.
    sent = null;
    if (!isOpen) return;
    event.preventDefault();
    event.returnValue = true;
  });
  document.addEventListener("DOMContentLoaded", () => {
    // What was refused or came back after a log-in is not saved either.
    for (const mark of document.querySelectorAll("[data-kept], [aria-invalid='true'], .errornote")) {
      note(mark.closest("form"));
    }
  });
})();
