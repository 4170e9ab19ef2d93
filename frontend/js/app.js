// Everything works without this file: it adds focus to error summaries, a "show" button to passwords and the like.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
