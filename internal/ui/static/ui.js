// What a page can do beyond reading. Every page reads without it.
"use strict";

// "/" leads to the search, as in many places.
document.addEventListener("keydown", (event) => {
  const field = document.querySelector("input[type=search]");
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && field && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
  }
});

// Buttons that copy the text of another element; without a script they stay hidden.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
    button.addEventListener("blur", () => { button.textContent = "Copy"; }, { once: true });
  });
}

// Who begins the pages for a file gets the token in the address, behind the sign that
// browsers keep to themselves.
const login = document.querySelector("form[data-login]");
if (login && location.hash.length > 1) {
  login.elements.token.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
  login.submit();
}

// While somebody types into a form, it is judged as if it was sent, and its faults are
// shown in their places.
const live = document.querySelector("form[data-live]");
let waiting;
live?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const answer = await fetch(live.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(live)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("#result, [data-faults]")) {
      part.replaceChildren(...(page.getElementById(part.id)?.childNodes ?? []));
    }
  }, 300);
});
