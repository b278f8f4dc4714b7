/* The maps of the house: pure functions from data to an ECharts option, beside the charts of options.js.
   The outlines are registered under the name "outlines" by whoever draws. */
(function (root) {
  "use strict";

  var BLUE = "#2c526e", RED = "#9c2f2f", GREY = "#8a949d", LAND = "#f3f5f6";

  function coverageMap(data, lang, size) {
    var zh = lang === "zh";
    var small = size.width < 600;
    function name(point) { return point.name[zh ? "zh" : "en"]; }
    function held(point) {
      return name(point) + (zh ? "：" + point.value + " 家" : ": " + point.value);
    }
    function gap(point) {
      var far = point.value === null ? (zh ? "无" : "none") : point.value + (zh ? " 公里" : " km");
      return name(point) + (zh ? "：最近 " : ": nearest ") + far;
    }
    var most = Math.max.apply(null, [1].concat(data.held.map(function (p) { return p.value; })));
    return {
      animation: false,
      tooltip: { trigger: "item", confine: true, formatter: function (p) { return p.data && p.data.told; } },
      legend: { bottom: 0, itemGap: 18, data: [legend(heldName(zh), "circle"), legend(gapName(zh, data.km), "rect")], itemWidth: 14 },
      geo: {
        map: "outlines", roam: !small, silent: true, aspectScale: 0.8, boundingCoords: data.bounds || undefined,
        layoutCenter: ["50%", "47%"], layoutSize: Math.min(size.width, size.height * (data.bounds ? 0.85 : 1.2)),
        itemStyle: { areaColor: LAND, borderColor: GREY, borderWidth: 0.6 },
      },
      series: [
        {
          name: gapName(zh, data.km), type: "scatter", coordinateSystem: "geo", symbol: "rect", symbolSize: small ? 5 : 7,
          itemStyle: { color: "#fff", borderColor: RED, borderWidth: 1.4 },
          data: data.gaps.map(function (p) { return { value: p.at, told: gap(p) }; }),
        },
        {
          name: heldName(zh), type: "scatter", coordinateSystem: "geo", symbol: "circle",
          itemStyle: { color: BLUE, opacity: 0.75 },
          data: data.held.map(function (p) {
            return { value: p.at, told: held(p), symbolSize: 5 + (small ? 10 : 18) * Math.sqrt(p.value / most) };
          }),
        },
      ],
    };
  }

  function legend(name, icon) { return { name: name, icon: icon }; }
  function heldName(zh) { return zh ? "有可检机构" : "capable laboratories"; }
  function gapName(zh, km) { return zh ? km + " 公里内无可检机构" : "none within " + km + " km"; }

  root.ZhunshengCharts = Object.assign(root.ZhunshengCharts || {}, { coverageMap: coverageMap });
})(typeof globalThis !== "undefined" ? globalThis : this);
