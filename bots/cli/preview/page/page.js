// The page shows what both platforms hold, and sends what a person types and taps. It decides nothing.
const platforms = ["telegram", "slack"];
const part = (platform, selector) => document.querySelector(`.${platform} ${selector}`);

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

async function send(path, body) {
  await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

function words(runs) {
  return runs.map(({ text, bold, url }) => {
    if (url) {
      const link = element("a", "", text);
      link.href = url;
      link.rel = "noreferrer";
      link.target = "_blank";
      return link;
    }
    return bold ? element("strong", "", text) : document.createTextNode(text);
  });
}

function press(platform, message, button) {
  if (button.url) {
    const link = element("a", "press", button.label);
    link.href = button.url;
    link.rel = "noreferrer";
    link.target = "_blank";
    return link;
  }
  const made = element("button", /:urgent$/.test(button.data) ? "urgent" : "", button.label);
  made.type = "button";
  made.addEventListener("click", () => send(`/${platform}/tap`, { message: message.id, data: button.data, action: button.action ?? "" }));
  return made;
}

function drawn(platform, message) {
  const item = element("li", message.mine ? "message mine" : "message");
  item.dataset.id = message.id;
  if (message.note) item.append(element("p", "who", message.note));
  if (message.picture) {
    const picture = element("img", "");
    picture.src = message.picture;
    picture.alt = message.alt ?? "";
    item.append(picture);
  }
  item.append(element("div", "text", ...words(message.text)));
  if (message.fields) item.append(form(platform, message));
  for (const row of message.rows) item.append(element("div", "row", ...row.map((button) => press(platform, message, button))));
  return item;
}

function field({ key, label, hint, wrong, value, options }) {
  const made = element(options.length ? "select" : "textarea", "");
  made.name = key;
  if (options.length) made.append(element("option", ""), ...options.map((each) => element("option", "", each)));
  made.value = value;
  return element("label", wrong ? "field wrong" : "field", label, made, element("small", "", hint));
}

function form(platform, message) {
  const sent = element("button", "", message.submit);
  const made = element("form", "fields", ...message.fields.map(field), sent);
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    send(`/${platform}/submit`, Object.fromEntries(new FormData(made)));
  });
  return made;
}

function show(platform, messages) {
  const list = part(platform, ".messages");
  const grown = messages.length > list.children.length;
  messages.forEach((message, place) => {
    const mark = JSON.stringify(message);
    const old = list.children[place];
    if (old?.mark === mark) return;
    const made = drawn(platform, message);
    made.mark = mark;
    if (old) old.replaceWith(made);
    else list.append(made);
  });
  while (list.children.length > messages.length) list.lastChild.remove();
  // A long answer is read from its beginning: the last question goes to the top.
  const asked = [...list.querySelectorAll(".mine")].at(-1);
  if (grown) list.scrollTop = asked ? asked.offsetTop - list.offsetTop - 12 : list.scrollHeight;
}

function label(phrases) {
  for (const platform of platforms) {
    part(platform, "h1").textContent = phrases[platform];
    part(platform, "form.typed input").placeholder = phrases.placeholder;
    part(platform, "form.typed input").ariaLabel = phrases.placeholder;
    part(platform, "form.typed button").textContent = phrases.send;
  }
  for (const platform of platforms) part(platform, "nav").replaceChildren(turn(phrases.next_tip, `/${platform}/tip`, {}));
  part("slack", "nav").append(...phrases.rooms.map(({ room, title }) => turn(title, "/slack/room", { room })));
}

function turn(label, path, body) {
  const made = element("button", "", label);
  made.type = "button";
  made.addEventListener("click", () => send(path, body));
  return made;
}

for (const platform of platforms) {
  part(platform, "form.typed").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = event.target.elements.words;
    if (input.value.trim()) send(`/${platform}/type`, { text: input.value });
    input.value = "";
    input.focus();
  });
}

const stream = new EventSource("/events");
stream.addEventListener("phrases", (event) => label(JSON.parse(event.data)));
stream.addEventListener("messages", (event) => {
  const now = JSON.parse(event.data);
  for (const platform of platforms) show(platform, now[platform]);
  document.body.dataset.ready = "true";
});
