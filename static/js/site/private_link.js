// The private link: into the form from the address, and to the clipboard.

// The key stands in the fragment, which no server sees; it goes into the form, and nothing happens until the button.
const link = find("[data-from-address]");
if (link && location.hash.length > 30) {
  link.value = location.href;
  history.replaceState(null, "", location.pathname);
  find("button", link.form).focus();
}
for (const button of all("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(find(".private").textContent);
    button.textContent = button.dataset.copy;
  });
}
