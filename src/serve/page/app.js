// The page: one conversation in front, the others in the list, and what the keys and buttons do.

import * as api from "./api.js";
import * as store from "./store.js";
import { element, growingElement, turnElement, watchTokens } from "./view.js";

const at = (id) => document.getElementById(id);
const log = at("log");
let current = store.begin();
let underWay = null;  // of an answer: ends it
let contexts = {};  // by model, in tokens

function say(words) {
  at("state").textContent = words;
}

function drawList() {
  at("conversations").replaceChildren(...store.conversations.map((one) => {
    const open = element("button", { type: "button", textContent: one.title || "…", onclick: () => openConversation(one) });
    open.setAttribute("aria-current", String(one.id === current.id));
    const remove = element("button", { type: "button", textContent: "✕", onclick: () => removeConversation(one) });
    remove.setAttribute("aria-label", `Delete ${one.title}`);
    return element("li", {}, [open, remove]);
  }));
}

function draw() {
  log.replaceChildren(...current.turns.map((turn, index) => turnElement(turn, index, act, store.settings.probabilities)));
  if (current.turns.length === 0) {
    log.append(element("p", { className: "nothing", textContent: "Say something to the model. What is said stays in this browser." }));
  }
  log.scrollTop = log.scrollHeight;
  drawList();
}

function openConversation(conversation) {
  underWay?.abort();
  current = conversation;
  document.body.classList.remove("listing");
  say("");
  draw();
  at("words").focus();
}

function removeConversation(conversation) {
  store.forget(conversation.id);
  if (conversation.id === current.id) {
    openConversation(store.begin());
  }
  drawList();
}

// What the buttons of a turn do.
async function act(verb, index) {
  const turn = current.turns[index];
  if (verb === "copy") {
    await navigator.clipboard.writeText(turn.text);
    say("Copied.");
  } else if (!underWay && verb === "edit") {
    current.turns.length = index;
    draw();
    at("words").value = turn.text;
    at("words").focus();
  } else if (!underWay && verb === "again") {
    current.turns.length = index;
    await answer();
  }
}

function askOf(turns) {
  const said = turns.filter(({ role }) => role !== "error").map(({ role, text }) => ({ role, content: text }));
  const { model, system, temperature, top_p, max_tokens } = store.settings;
  const messages = system ? [{ role: "system", content: system }, ...said] : said;
  return { model, messages, temperature, top_p, ...(max_tokens ? { max_tokens } : {}) };
}

// Makes tokens [text, probability, alternatives], as the store keeps them. A token may end within a character, whose text is the next
// one's; and one that has bytes but no text in the answer is a sign between model and server.
function tokenReader() {
  const decoder = new TextDecoder();
  return ({ tokens, text, reasoning }) =>
    tokens
      .map(({ bytes, logprob, top_logprobs }) => [
        decoder.decode(new Uint8Array(bytes), { stream: true }),
        Math.exp(logprob),
        top_logprobs.map((one) => [one.token, Math.exp(one.logprob)]),
      ])
      .filter(([word]) => word === "" || text !== "" || reasoning !== "");
}

function reportSpeed(count, began, usage) {
  const rate = count / Math.max(1e-3, (performance.now() - began) / 1000);
  const room = contexts[store.settings.model];
  const used = usage ? ` · ${usage.total_tokens} of ${room} tokens of context` : "";
  say(`${rate.toFixed(rate < 10 ? 1 : 0)} tokens/s${used}`);
}

async function answer() {
  const conversation = current;
  const turn = { role: "assistant", text: "", reasoning: "", tokens: [], finish: null };
  const growing = growingElement(store.settings.probabilities);
  draw();
  log.append(growing);
  underWay = new AbortController();
  at("send").hidden = true;
  at("stop").hidden = false;
  log.setAttribute("aria-busy", "true");
  const readTokens = tokenReader();
  let began = performance.now(), usage = null, count = 0;
  try {
    for await (const news of api.answer(askOf(conversation.turns), underWay.signal)) {
      const tokens = readTokens(news);
      began = count === 0 ? performance.now() : began;
      count += news.tokens.length;
      turn.text += news.text;
      turn.reasoning += news.reasoning;
      turn.tokens.push(...(news.reasoning ? [] : tokens));
      turn.finish = news.finish ?? turn.finish;
      usage = news.usage ?? usage;
      const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
      growing.add({ ...news, tokens });
      if (isAtEnd) {
        log.scrollTop = log.scrollHeight;
      }
      reportSpeed(count, began, usage);
    }
  } catch (error) {
    if (error.name !== "AbortError") {
      conversation.turns.push({ role: "error", text: error.message });
    }
  }
  underWay = null;
  at("send").hidden = false;
  at("stop").hidden = true;
  log.setAttribute("aria-busy", "false");
  if (turn.text || turn.reasoning) {
    conversation.turns.push(turn);
  }
  store.keep(conversation);
  if (conversation === current) {
    draw();
  }
}

async function send(event) {
  event?.preventDefault();
  const words = at("words").value;
  if (underWay || words.trim() === "") {
    return;
  }
  at("words").value = "";
  current.turns = current.turns.filter(({ role }) => role !== "error");
  current.turns.push({ role: "user", text: words });
  await answer();
}

function bindSettings() {
  for (const name of ["system", "temperature", "top_p", "max_tokens", "probabilities", "model"]) {
    const input = at(name);
    const isCheck = input.type === "checkbox";
    if (name !== "model") {
      input[isCheck ? "checked" : "value"] = store.settings[name] ?? "";
    }
    input.addEventListener("change", () => {
      const value = isCheck ? input.checked : input.type === "number" ? input.valueAsNumber : input.value;
      store.settings[name] = Number.isNaN(value) ? null : value;
      store.saveSettings();
      if (name === "probabilities" && !underWay) {
        draw();
      }
    });
  }
}

function bindKeys() {
  at("ask").addEventListener("submit", send);
  at("stop").addEventListener("click", () => underWay?.abort());
  at("new").addEventListener("click", () => openConversation(store.begin()));
  at("menu").addEventListener("click", () => {
    const isOpen = document.body.classList.toggle("listing");
    at("menu").setAttribute("aria-expanded", String(isOpen));
  });
  at("words").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      send(event);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      underWay?.abort();
      at("settings").open = false;
    }
  });
}

async function askForKey() {
  const dialog = at("key");
  dialog.showModal();
  await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  api.setKey(at("key-value").value);
}

async function listModels() {
  for (;;) {
    try {
      const models = await api.models();
      contexts = Object.fromEntries(models.map(({ id, max_model_len }) => [id, max_model_len]));
      at("model").replaceChildren(...models.map(({ id }) => element("option", { value: id, textContent: id })));
      if (!(store.settings.model in contexts)) {
        store.settings.model = models[0].id;
      }
      at("model").value = store.settings.model;
      return;
    } catch (error) {
      if (error.status !== 401) {
        say(`The server cannot be reached: ${error.message}`);
        return;
      }
      await askForKey();
    }
  }
}

bindSettings();
bindKeys();
watchTokens(log);
draw();
listModels();
