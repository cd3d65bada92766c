// Shows only the mistakes of a task, a kind, a document; without this program the page shows all of them.
(() => {
  const form = document.getElementById("filter");
  const [task, kind, doc] = ["task", "kind", "document"].map((id) => document.getElementById(id));
  const count = document.getElementById("count");
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());

  // The row of a kind says how many of it are shown, and leads there only if some are.
  const links = new Map([...document.querySelectorAll("tbody a")].map((a) => [a.getAttribute("href"), a]));
  function follow(section, here) {
    const link = links.get("#" + section.id);
    link.closest("tr").querySelector(".shown").textContent = here;
    if (here) link.setAttribute("href", "#" + section.id);
    else link.removeAttribute("href");
  }

  function apply(event) {
    if (event?.target === task && kind.value && !kind.value.startsWith(task.value + "/")) kind.value = "";
    let shown = 0;
    for (const section of document.querySelectorAll(".kind")) {
      const name = section.dataset.kind;
      const wanted = (!kind.value || name === kind.value) && (!task.value || name.startsWith(task.value + "/"));
      let here = 0;
      for (const mistake of section.querySelectorAll(".mistake")) {
        mistake.hidden = !wanted || (doc.value !== "" && mistake.dataset.document !== doc.value);
        here += !mistake.hidden;
      }
      section.hidden = here === 0;
      follow(section, here);
      shown += here;
    }
    for (const section of document.querySelectorAll(".task"))
      section.hidden = (task.value !== "" && section.dataset.task !== task.value) || (kind.value !== "" && !kind.value.startsWith(section.dataset.task + "/"));
    count.textContent = `${shown} shown`;
  }
  form.addEventListener("change", apply);
  apply();
})();
