// A list of any length of which only what is in sight exists: some dozens of elements, reused.
import { h } from './dom.js';

export class VirtualList {
  /**
   * `count()` rows, each made once by `create()` and filled by `update(element, index)`;
   * `open(index)` is called for the chosen one.
   */
  constructor({ label, count, create, update, open }) {
    this.count = count;
    this.create = create;
    this.update = update;
    this.open = open;
    this.active = -1;
    this.pool = [];
    this.space = h('div', { class: 'list-space', role: 'presentation' });
    this.node = h('div', {
      class: 'list', role: 'listbox', tabindex: '0', 'aria-label': label,
      onscroll: () => this.soon(), onkeydown: (event) => this.onKey(event), onclick: (event) => this.onClick(event),
    }, this.space);
    new ResizeObserver(() => this.measure()).observe(this.node);
    this.rowHeight = 37;
  }

  measure() {
    const height = parseFloat(getComputedStyle(this.node).getPropertyValue('--row-height'));
    this.rowHeight = height || this.rowHeight;
    this.render();
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.render();
    });
  }

  /** `rows` were put in front: whoever reads further down keeps reading the same. */
  added(rows) {
    if (this.active >= 0) {
      this.active += rows;
    }
    if (this.node.scrollTop > this.rowHeight / 2) {
      this.resize();
      this.node.scrollTop += rows * this.rowHeight;
    }
  }

  resize() {
    const height = `${this.count() * this.rowHeight}px`;
    if (this.space.style.height !== height) {
      this.space.style.height = height;
    }
  }

  render() {
    this.resize();
    const count = this.count();
    const first = Math.max(0, Math.floor(this.node.scrollTop / this.rowHeight) - 4);
    const fit = Math.ceil(this.node.clientHeight / this.rowHeight) + 8;
    while (this.pool.length < Math.min(fit, count)) {
      const element = this.create();
      element.setAttribute('role', 'option');
      element.id = `row-${this.pool.length}`;
      this.pool.push(element);
      this.space.append(element);
    }
    let activeId = null;
    this.pool.forEach((element, i) => {
      const index = first + i;
      element.hidden = index >= count || i >= fit;
      if (!element.hidden) {
        element.index = index;
        element.style.transform = `translateY(${index * this.rowHeight}px)`;
        element.setAttribute('aria-selected', String(index === this.active));
        this.update(element, index);
        activeId = index === this.active ? element.id : activeId;
      }
    });
    if (activeId) {
      this.node.setAttribute('aria-activedescendant', activeId);
    } else {
      this.node.removeAttribute('aria-activedescendant');
    }
  }

  activate(index) {
    const count = this.count();
    if (!count) {
      return;
    }
    this.active = Math.max(0, Math.min(count - 1, index));
    const top = this.active * this.rowHeight;
    if (top < this.node.scrollTop) {
      this.node.scrollTop = top;
    } else if (top + this.rowHeight > this.node.scrollTop + this.node.clientHeight) {
      this.node.scrollTop = top + this.rowHeight - this.node.clientHeight;
    }
    this.render();
  }

  onKey(event) {
    const page = Math.max(1, Math.floor(this.node.clientHeight / this.rowHeight) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.activate(this.active < 0 ? 0 : this.active + steps[event.key]);
    } else if (event.key === 'Enter' && this.active >= 0) {
      this.open(this.active);
    }
  }

  onClick(event) {
    const element = event.target.closest('[role="option"]');
    if (element) {
      this.active = element.index;
      this.render();
      this.open(element.index);
    }
  }
}
