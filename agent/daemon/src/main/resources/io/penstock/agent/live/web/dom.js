// Elements without markup: every text from outside becomes a text node, never HTML.

/** el("td", {class: "n"}, "text", child): attributes by name; a function becomes a listener. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name, value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets the text unless it is there already, so that nothing is announced or repainted in vain. */
export function text(element, value) {
  if (element.textContent !== value) {
    element.textContent = value;
  }
}

const shown = new WeakMap();

/** Builds the content anew when what it is made of has changed. */
export function content(element, of, build) {
  const now = JSON.stringify(of);
  if (shown.get(element) !== now) {
    shown.set(element, now);
    element.replaceChildren(...[build()].flat().filter((child) => child !== null && child !== undefined));
  }
}

/** Fetches JSON; a problem's error and remedy become the message. */
export async function json(path) {
  const answer = await fetch(path, {headers: {accept: "application/json"}});
  const body = await answer.json();
  if (!answer.ok) {
    throw new Error(`${body.error ?? answer.status}: ${body.remedy ?? ""}`);
  }
  return body;
}
