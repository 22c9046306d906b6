// Finds the faulty place in a body that was refused, so that it can be marked as it was sent.

/** Returns the member that a path names, name and value as they are written, or null. */
export const membersOf = (text) => {
  const { spans } = scan(text);
  return (path) => (spans.has(path) ? text.slice(...spans.get(path)) : null);
};

/** Returns `[from, to]` of what `field` (`aliases[0].alias_kind`) names in the text, or null. */
export function locate(text, field, error) {
  const found = scan(text);
  if (found.faultAt >= 0) {
    return [found.faultAt, Math.min(text.length, found.faultAt + 1)];
  }
  const byte = /near byte (\d+)/.exec(error ?? '');
  if (byte) {
    const at = Math.min(Number(byte[1]), text.length);
    return [Math.max(0, at - 1), at];
  }
  for (let path = (field ?? '').replace(/^\$\.?/, ''); path; path = parent(path)) {
    if (found.spans.has(path)) {
      return found.spans.get(path);
    }
  }
  return null;
}

function parent(path) {
  const at = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
  return at < 0 ? '' : path.slice(0, at);
}

const token = /[\s]+|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,]/y;

/** Returns where each value stands by its path, and where the text stops being JSON, or -1. */
function scan(text) {
  const spans = new Map();
  let at = 0;
  let faultAt = -1;

  function next() {
    for (;;) {
      token.lastIndex = at;
      const match = token.exec(text);
      if (!match) {
        faultAt = at;
        return null;
      }
      at = token.lastIndex;
      if (match[0].trim()) {
        return { text: match[0], from: token.lastIndex - match[0].length };
      }
    }
  }

  function fault(from) {
    faultAt = from;
    return false;
  }

  function members(path, end, one) {
    let item = next();
    if (item?.text === end) {
      return true;
    }
    for (let index = 0; item; index++) {
      if (!one(item, path, index)) {
        return false;
      }
      const comma = next();
      if (comma?.text === end) {
        return true;
      }
      if (!comma || comma.text !== ',') {
        return comma ? fault(comma.from) : false;
      }
      item = next();
    }
    return false;
  }

  function member(item, path) {
    if (item.text[0] !== '"') {
      return fault(item.from);
    }
    const colon = next();
    if (colon?.text !== ':') {
      return colon ? fault(colon.from) : false;
    }
    const name = JSON.parse(item.text);
    const inner = path ? `${path}.${name}` : name;
    const first = next();
    const right = first && value(first, inner);
    if (right) {
      spans.set(inner, [item.from, at]);
    }
    return right;
  }

  function value(item, path) {
    if (item.text === '{') {
      return members(path, '}', member);
    }
    if (item.text === '[') {
      return members(path, ']', (one, outer, index) => {
        const right = value(one, `${outer}[${index}]`);
        spans.set(`${outer}[${index}]`, [one.from, at]);
        return right;
      });
    }
    return ':,]}'.includes(item.text) ? fault(item.from) : true;
  }

  const first = next();
  if (first) {
    value(first, '');
  }
  return { spans, faultAt };
}
