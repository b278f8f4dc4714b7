/* Arrow keys walk over the days of the year; without this file every day is an ordinary link. */
(function () {
  "use strict";

  var STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

  document.addEventListener("keydown", function (event) {
    var here = document.activeElement;
    if (!here || !here.dataset || !here.dataset.day || !(event.key in STEPS)) return;
    var day = new Date(here.dataset.day + "T00:00:00Z");
    day.setUTCDate(day.getUTCDate() + STEPS[event.key]);
    var there = document.querySelector('[data-day="' + day.toISOString().slice(0, 10) + '"]');
    if (there) {
      event.preventDefault();
      there.focus();
    }
  });
})();
