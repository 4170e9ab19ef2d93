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

// A button says how much it records, as it stands in the box; without this file it names no amount.
const PLAIN_POUNDS = /^£? ?(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(\.\d{2})?$/;

function poundsOf(typed) {
  const found = PLAIN_POUNDS.exec(typed.trim());
  if (!found) return "";
  const whole = found[1].replaceAll(",", "").replace(/^0+(?=\d)/, "");
  const pence = found[2] === ".00" ? "" : (found[2] ?? "");
  return `£${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${pence}`;
}

for (const box of document.querySelectorAll("[data-amount-in-button]")) {
  const button = box.form.querySelector("button[type=submit]");
  const plain = button.textContent;
  const nameAmount = () => {
    const amount = poundsOf(box.value);
    button.textContent = amount ? `${plain} of ${amount}` : plain;
  };
  box.addEventListener("input", nameAmount);
  window.addEventListener("pageshow", nameAmount); // a browser that goes back puts in what was typed
  nameAmount();
}
