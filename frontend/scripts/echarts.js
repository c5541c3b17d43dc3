// Charts: reads the JSON of the script tag named in data-chart and draws it; the table beside it says the same.
import * as echarts from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

const FONT = '"Siban Sans", "PingFang SC", "Microsoft YaHei", sans-serif';
const COLOURS = ["#0b5563", "#c0802b", "#4b4a8c", "#1b7245", "#8c5a5a", "#5b6b72"];

function draw(box) {
  if (box.dataset.drawn) return;
  const data = document.getElementById(box.dataset.chart);
  if (!data) return;
  box.dataset.drawn = "yes";
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption({
    color: COLOURS,
    textStyle: { fontFamily: FONT },
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    grid: { left: 8, right: 16, top: 64, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText" },
    legend: { top: 0, left: 0 },
    aria: { enabled: true, decal: { show: true } },
    ...JSON.parse(data.textContent),
  });
  new ResizeObserver(() => chart.resize()).observe(box);
}

const drawAll = (root) => root.querySelectorAll("[data-chart]").forEach(draw);
drawAll(document);
document.addEventListener("htmx:load", (event) => drawAll(event.target));
