/* Comforts only: every page works without this file. Nothing inline, nothing from elsewhere. */
(function () {
  "use strict";

  // A link to a confirmation page opens the same form as a dialog.
  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[data-dialog]");
    if (opener) {
      var dialog = document.getElementById(opener.dataset.dialog);
      if (dialog && dialog.showModal) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    var closer = event.target.closest("dialog [data-close]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog").close();
    }
    if (event.target.closest("[data-print]")) window.print();
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // Type to confirm: the button wakes when what is typed is what is asked for. The server asks again.
  function watch(input) {
    var button = input.form.querySelector("button[type=submit], button:not([type])");
    function check() {
      button.disabled = input.value.trim() !== input.dataset.mustEqual;
    }
    input.addEventListener("input", check);
    check();
  }

  // Small tables sort in place; long ones are sorted by the server.
  function sortable(table) {
    table.dataset.awake = "";
    table.querySelectorAll("thead th").forEach(function (th, index) {
      if (th.dataset.sort === "no") return;
      var button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.textContent = th.textContent;
      th.replaceChildren(button);
      button.addEventListener("click", function () {
        sortBy(table, th, index);
      });
    });
  }

  function sortBy(table, th, index) {
    var down = th.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("thead th").forEach(function (other) {
      other.removeAttribute("aria-sort");
    });
    th.setAttribute("aria-sort", down ? "descending" : "ascending");
    var rows = Array.from(table.tBodies[0].rows);
    rows.sort(function (a, b) {
      return compare(a.cells[index], b.cells[index]) * (down ? -1 : 1);
    });
    table.tBodies[0].append.apply(table.tBodies[0], rows);
  }

  function compare(a, b) {
    var x = a.textContent.trim().replace("−", "-"), y = b.textContent.trim().replace("−", "-");
    if (x !== "" && y !== "" && !isNaN(x) && !isNaN(y)) return Number(x) - Number(y);
    return x.localeCompare(y, document.documentElement.lang, { numeric: true });
  }

  // A picture drawn for a wide screen shrinks to the paper: the style sheet gives it the paper's width, this its proportions.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll(".chart svg").forEach(function (svg) {
      svg.setAttribute("viewBox", "0 0 " + svg.getAttribute("width") + " " + svg.getAttribute("height"));
    });
  });

  function wake(root) {
    root.querySelectorAll("[data-must-equal]").forEach(watch);
    root.querySelectorAll("table[data-sortable]:not([data-awake])").forEach(sortable);
    root.querySelectorAll("[data-needs-script]").forEach(function (element) {
      element.hidden = false;
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    wake(document);
    var fault = document.querySelector(".field.wrong input, .field.wrong select, .field.wrong textarea");
    if (fault) fault.focus();
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.target !== document.body) wake(event.target);
  });
})();
