// SPDX-License-Identifier: Apache-2.0
#include "report/explanation_page.hpp"

namespace facet::detail {

// Colours that colour-blind readers can tell apart (Okabe and Ito).
const std::string_view kExplanationStyle = R"css(
:root { color-scheme: light dark; --back: #fff; --text: #1a1a1a; --faint: #666; --line: #ddd;
  --for: #d55e00; --against: #0072b2; --panel: #f6f6f4; }
@media (prefers-color-scheme: dark) { :root { --back: #141414; --text: #ececec; --faint: #a2a2a2;
  --line: #383838; --for: #f08a3c; --against: #58b0e8; --panel: #1e1e1e; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 64rem; background: var(--back);
  color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.2rem; } h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
small, .faint { color: var(--faint); font-size: .87rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .6rem 0; background: var(--panel); }
summary { cursor: pointer; padding: .6rem .9rem; font-weight: 600; }
summary span { font-weight: 400; color: var(--faint); }
.body { padding: 0 .9rem .9rem; display: grid; grid-template-columns: 15rem minmax(0, 1fr);
  gap: 1.2rem; }
td.bar { width: 40%; min-width: 8rem; }
.body > div { min-width: 0; }
@media (max-width: 44rem) { body { padding: 1rem; }
  .body { grid-template-columns: minmax(0, 1fr); } td.bar { min-width: 3rem; width: 25%; } }
.view { position: relative; width: 15rem; height: 15rem; }
.view img, .view canvas { position: absolute; inset: 0; width: 100%; height: 100%; border-radius: .4rem; }
.view canvas { opacity: .6; }
.hide-map .view canvas { display: none; }
table { border-collapse: collapse; width: 100%; }
td, th { padding: .2rem .4rem; text-align: left; vertical-align: middle; border-bottom: 1px solid var(--line); }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; width: 4.5rem; }
.why { margin: .2rem .9rem .8rem; }
.bar i { display: block; height: .8rem; border-radius: .15rem; position: relative; }
.for { background: var(--for); } .against { background: var(--against); }
.face { width: 48px; height: 48px; border-radius: .3rem; display: inline-block; background-size: cover; }
.answer { font-weight: 600; }
input[type=range] { width: 100%; }
tr.sum td { font-weight: 600; border-bottom: 2px solid var(--text); }
@media print { details { break-inside: avoid; } input, label { display: none; } }
)css";

// Draws the maps and answers for other thresholds. Without it everything else can be read.
const std::string_view kExplanationScript = R"js(
'use strict';
for (const canvas of document.querySelectorAll('canvas[data-map]')) {
  const side = Number(canvas.dataset.side);
  const values = canvas.dataset.map.split(',').map(Number);
  const most = Math.max(...values.map(Math.abs)) || 1;
  const pen = canvas.getContext('2d');
  const picture = pen.createImageData(side, side);
  values.forEach((value, i) => {
    const colour = value > 0 ? [230, 97, 0] : [0, 114, 178];
    picture.data.set([...colour, 255 * Math.pow(Math.abs(value) / most, 0.8)], 4 * i);
  });
  pen.putImageData(picture, 0, 0);
}
for (const slider of document.querySelectorAll('input[data-probability]')) {
  const probability = Number(slider.dataset.probability);
  const answer = document.getElementById(slider.id + '-answer');
  const own = slider.value;
  slider.addEventListener('input', () => {
    const threshold = Number(slider.value);
    answer.textContent = (probability >= threshold ? 'yes' : 'no') + ' from ' + threshold.toFixed(2) +
      ' on' + (slider.value === own ? ', the model\'s own threshold' : '');
  });
}
const show = document.getElementById('show-map');
show.addEventListener('change', () => document.body.classList.toggle('hide-map', !show.checked));
)js";

}  // namespace facet::detail
