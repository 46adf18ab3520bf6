/** The page's only script: tables that sort, boxes that scroll by keyboard, and folded tables that unfold for paper. */

export const SCRIPT = `
for (const table of document.querySelectorAll('table.sortable')) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  if (body.rows.length < 2) continue;
  heads.forEach((head, index) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const numeric = head.className === 'number';
      const before = head.getAttribute('aria-sort');
      const descending = before === null ? numeric : before === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      const key = row => {
        const cell = row.cells[index];
        if (!numeric) return cell.textContent;
        return 'value' in cell.dataset ? Number(cell.dataset.value) : null;
      };
      const compare = (a, b) => {
        const x = key(a), y = key(b);
        if (x === null || y === null) return (x === null) - (y === null);
        const order = numeric ? x - y : x.localeCompare(y);
        return descending ? -order : order;
      };
      body.append(...[...body.rows].sort(compare));
    });
  });
}
for (const box of document.querySelectorAll('.scroll, .charts')) {
  const reach = () => { box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1; };
  new ResizeObserver(reach).observe(box);
}
const unfolded = [];
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details:not([open])')) {
    details.open = true;
    unfolded.push(details);
  }
});
addEventListener('afterprint', () => {
  for (const details of unfolded.splice(0)) details.open = false;
});
`.trim();
