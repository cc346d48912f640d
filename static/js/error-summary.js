// Bring the reader to the list of errors after a form was refused.
document.querySelector("[data-error-summary]")?.focus();
