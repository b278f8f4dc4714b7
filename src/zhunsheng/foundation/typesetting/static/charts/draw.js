/* Draws every <div class="chart" data-chart="zScores" data-source="#id-of-a-json-script" data-lang="zh">.
   It watches the page instead of any library's events, so that charts swapped in later are drawn too. */
(function () {
  "use strict";

  var charts = new Map();
  var sizes = new ResizeObserver(function (entries) {
    entries.forEach(function (entry) { fit(entry.target); });
  });

  function start(element) {
    if (charts.has(element)) return;
    charts.set(element, null);
    sizes.observe(element); // reports at once, and again when a hidden chart comes into sight
  }

  function fit(element) {
    if (!element.clientWidth || !element.clientHeight || !charts.has(element)) return;
    var chart = charts.get(element) || draw(element);
    if (chart) chart.resize();
  }

  // A map needs its outlines first; it is drawn when they have come, or without them when they do not.
  function withOutlines(element, then) {
    if (!element.dataset.outlines) return then();
    fetch(element.dataset.outlines).then(function (answer) { return answer.json(); })
      .catch(function () { return { type: "FeatureCollection", features: [] }; })
      .then(function (outlines) { echarts.registerMap("outlines", outlines); then(); });
  }

  function draw(element) {
    var source = document.querySelector(element.dataset.source);
    if (!source) return null;
    var chart = echarts.init(element, null, { renderer: "svg" });
    var lang = element.dataset.lang || (document.documentElement.lang.indexOf("zh") === 0 ? "zh" : "en");
    var size = { width: element.clientWidth, height: element.clientHeight };
    withOutlines(element, function () {
      chart.setOption(ZhunshengCharts[element.dataset.chart](JSON.parse(source.textContent), lang, size));
    });
    element.setAttribute("role", "img");
    charts.set(element, chart);
    return chart;
  }

  function stop(element) {
    sizes.unobserve(element);
    var chart = charts.get(element);
    if (chart) chart.dispose();
    charts.delete(element);
  }

  function within(node, each) {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node.matches(".chart[data-chart]")) each(node);
    node.querySelectorAll(".chart[data-chart]").forEach(each);
  }

  function watch() {
    within(document.body, start);
    new MutationObserver(function (changes) {
      changes.forEach(function (change) {
        change.addedNodes.forEach(function (node) { within(node, start); });
      });
      charts.forEach(function (_, element) { if (!element.isConnected) stop(element); });
    }).observe(document.body, { childList: true, subtree: true });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", watch);
  else watch();
})();
