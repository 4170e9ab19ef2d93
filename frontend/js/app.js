// Everything works without this file: it adds focus to error summaries, a "show" button to passwords and the like.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// A page about long work brings itself up to date until the work has ended; without this file there is a link for it.
const SECONDS_BETWEEN_LOOKS = 2;
const isUnfinished = (page) => page.querySelector("[data-unfinished]") !== null;

async function lookAgain() {
  const answer = await fetch(window.location.href).catch(() => null);
  if (answer?.redirected) return window.location.reload(); // signed out meanwhile
  if (answer?.ok) {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const now = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (now && now.innerHTML !== part.innerHTML) part.innerHTML = now.innerHTML;
    }
  }
  return lookLater();
}

function lookLater() {
  if (isUnfinished(document)) window.setTimeout(lookAgain, SECONDS_BETWEEN_LOOKS * 1000);
}

lookLater();
