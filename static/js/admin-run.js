// What a choice offers belongs to the run that the same form names.
const chosenRun = () => document.getElementById("id_run")?.value ?? "";

window.django?.jQuery.ajaxPrefilter((options) => {
  const address = new URL(options.url, location.href);
  const run = chosenRun();
  if (!address.pathname.endsWith("/autocomplete/") || !run) return;
  address.searchParams.set("run", run);
  options.url = address.href;
});
