/**
 * Draws the charts in the reader's browser. Colours in the specifications are tokens (`$ink`): the charts are drawn again when
 * the colour scheme changes and before printing, which is always in light colours.
 */
export const script = `
(() => {
  'use strict';
  const { themes, names, charts, data } = JSON.parse(document.getElementById('data').textContent);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const tooltip = document.getElementById('tooltip');
  let views = [];

  function showTooltip(handler, event, item, value) {
    // A finger leaves the mark as soon as it is lifted; what it tapped stays shown until the next tap or scroll.
    if (event && event.pointerType === 'touch' && event.type !== 'click') return;
    if (!event || value === null || value === undefined || value === '' || typeof value !== 'object') { tooltip.style.visibility = 'hidden'; return; }
    tooltip.replaceChildren(...Object.entries(value).filter(([, text]) => text !== 'undefined' && text !== 'NaN').flatMap(([name, text]) => {
      const key = document.createElement('span'); key.textContent = Object.hasOwn(names, name) ? names[name] : name;
      const number = document.createElement('span'); number.textContent = String(text);
      return [key, number];
    }));
    const box = tooltip.getBoundingClientRect();
    const point = event.touches ? event.touches[0] || event.changedTouches[0] : event;
    const x = point.clientX + 16 + box.width > innerWidth ? point.clientX - 16 - box.width : point.clientX + 16;
    const y = point.clientY + 16 + box.height > innerHeight ? point.clientY - 16 - box.height : point.clientY + 16;
    tooltip.style.left = Math.min(Math.max(6, x), Math.max(6, innerWidth - box.width - 6)) + 'px';
    tooltip.style.top = Math.max(6, y) + 'px';
    tooltip.style.visibility = 'visible';
  }

  function draw(theme) {
    for (const view of views) view.finalize();
    tooltip.style.visibility = 'hidden';
    views = charts.map(({ id, spec }) => {
      const coloured = JSON.parse(JSON.stringify(spec), (key, value) =>
        typeof value === 'string' && value[0] === '$' && Object.hasOwn(theme, value.slice(1)) ? theme[value.slice(1)] : value);
      for (const set of coloured.data || []) if (Object.hasOwn(data, set.name)) set.values = data[set.name].map((row) => ({ ...row }));
      const view = new vega.View(vega.parse(coloured), { renderer: 'svg', logLevel: vega.Error, hover: true });
      view.tooltip(showTooltip).initialize(document.getElementById(id)).run();
      view.addEventListener('click', (event, item) => showTooltip(null, event, item, item && item.tooltip));
      return view;
    });
  }

  const current = () => (scheme.matches ? themes.dark : themes.light);
  draw(current());
  scheme.addEventListener('change', () => draw(current()));
  addEventListener('beforeprint', () => { if (scheme.matches) draw(themes.light); });
  addEventListener('afterprint', () => { if (scheme.matches) draw(themes.dark); });
  addEventListener('scroll', () => { tooltip.style.visibility = 'hidden'; }, { passive: true });
})();
`;
