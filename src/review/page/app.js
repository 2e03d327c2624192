// The page: one item in front, and what keys and buttons say of it.

import * as api from "./api.js";
import { agreementText, candidateElement, editorElement, element, figures, restElements, saidElement, turnElement } from "./view.js";

const at = (id) => document.getElementById(id);
const kName = "rorqual-reviewer";
const kReasons = ["Wrong or made up", "Does not answer what was asked", "Badly written", "Harmful or improper", "The prompt makes no sense"];
const kPoll_ms = 5000;  // while there is nothing in front

let reviewer = localStorage.getItem(kName) ?? "";
let item = null;  // that is in front
let chosen = null;  // candidate, from 0
let editor = null;  // while one is edited
let isBusy = false;  // with a request
let shownRest = "";  // why there is no item in front

function say(text, isError = false) {
  at("state").textContent = text;
  at("state").classList.toggle("error", isError);
}

// One request at a time, so that a key that is pressed twice judges once.
async function busily(work) {
  if (isBusy) {
    return;
  }
  isBusy = true;
  document.body.ariaBusy = "true";
  try {
    await work();
  } catch (error) {
    say(error.message, true);
  } finally {
    isBusy = false;
    document.body.ariaBusy = "false";
  }
}

function drawProgress(progress) {
  const { items, done, agreement, reviewers, title } = progress;
  at("title").textContent = title;
  document.title = `${done} of ${items} · Review`;
  at("bar").max = Math.max(items, 1);
  at("bar").value = done;
  const kappa = agreement.kappa === null ? "" : ` · kappa ${agreement.kappa.toFixed(2)}`;
  const mine = reviewers.find(({ name }) => name.toLowerCase() === reviewer.toLowerCase());
  const byMe = mine ? Object.values(mine.verdicts).reduce((sum, one) => sum + one) : 0;
  at("count").textContent = `${done} of ${items} decided · ${byMe} judged by you${kappa}`;
  at("count").title = agreementText(agreement);
  at("sheet").replaceChildren(...figures(progress));
}

function choose(index) {
  if (!item || index >= item.candidates.length) {
    return;
  }
  chosen = editor ? chosen : index;  // what is being edited stays
  at("candidates").querySelectorAll("input")[chosen].checked = true;
}

function drawTools() {
  const isOpen = item !== null && editor === null;
  for (const id of ["accept", "edit", "reject", "flag"]) {
    at(id).disabled = !isOpen;
  }
  at("undo").disabled = editor !== null;
}

function leaveEditor() {
  if (editor) {
    editor.previousElementSibling.hidden = false;
    editor.remove();
    editor = null;
    at("candidates").querySelectorAll("input")[chosen].focus();
    drawTools();
  }
}

function edit(index = chosen, text = item?.candidates[index]?.text) {
  if (!item || editor || !isChosen(index)) {
    return;
  }
  choose(index);
  const words = at("candidates").querySelectorAll(".candidate")[index].querySelector(".words");
  editor = editorElement(text, { save: (written) => judge("edit", written), leave: leaveEditor });
  words.hidden = true;
  words.after(editor);
  editor.field.focus();
  editor.field.setSelectionRange(0, 0);
  drawTools();
  say("Ctrl+Enter saves, Esc leaves.");
}

// `verdict` is that of an item which was taken back: what was said comes up again.
function drawItem(shown, verdict = null) {
  item = shown;
  chosen = editor = null;
  shownRest = "";
  at("work").hidden = false;
  at("rest").hidden = true;
  at("prompt").replaceChildren(...item.messages.map(turnElement));
  at("notes").hidden = item.said.length === 0;
  at("notes").replaceChildren(...item.said.map(saidElement));
  const legend = at("candidates").querySelector("legend");
  at("candidates").replaceChildren(legend, ...item.candidates.map((one, index) => candidateElement(one, index, { choose, edit })));
  if (item.candidates.length === 1) {
    choose(0);
  }
  scrollTo(0, 0);
  at("prompt").focus({ preventScroll: true });
  if (verdict && (verdict.verdict === "accept" || verdict.verdict === "edit")) {
    choose(verdict.candidate);
  }
  if (verdict?.verdict === "edit") {
    edit(verdict.candidate, verdict.text);
  }
  drawTools();
}

function drawRest(news) {
  item = editor = null;
  drawTools();
  const rest = JSON.stringify(news);
  if (rest === shownRest) {
    return;  // a button in it may have the focus
  }
  shownRest = rest;
  at("work").hidden = true;
  at("rest").hidden = false;
  at("rest").replaceChildren(...restElements(news, () => advance(true)));
  at("rest").focus();
}

async function fetchNext(again = false) {
  const news = await api.next(reviewer, again);
  say("");
  drawProgress(news.progress);
  if (news.item) {
    drawItem(news.item);
  } else {
    drawRest(news);
  }
}

const advance = (again = false) => busily(() => fetchNext(again));

function isChosen(index) {
  if (index === null || index === undefined) {
    say(`Choose a candidate first: 1 to ${item.candidates.length}.`, true);
    return false;
  }
  return true;
}

const kDone = { accept: "Accepted", edit: "Saved what you wrote", reject: "Rejected", flag: "Flagged for somebody else" };

function judge(verdict, text = "") {
  if (!item || ((verdict === "accept" || verdict === "edit") && !isChosen(chosen))) {
    return;
  }
  if (verdict === "edit" && text.trim() === "") {
    say("An answer has to say something; where none is good enough, reject.", true);
    return;
  }
  const { id } = item;
  busily(async () => {
    try {
      await api.judge(reviewer, id, { verdict, candidate: chosen ?? 0, text });
    } catch (error) {
      if (error.status !== 409) {  // judged already, as in another tab: on to the next
        throw error;
      }
    }
    await fetchNext();
    say(`${kDone[verdict]}. U takes it back.`);
  });
}

function undo() {
  if (editor) {
    return;
  }
  busily(async () => {
    const undone = await api.undo(reviewer);
    drawProgress(undone.progress);
    if (!undone.item) {
      say("There is nothing of yours to take back.");
      return;
    }
    if (undone.held) {
      drawItem(undone.item, undone.verdict);
    } else {
      await fetchNext();
    }
    say(`Taken back: ${undone.verdict.verdict}.${undone.held ? "" : " Somebody else has that item now."}`);
  });
}

function askReason() {
  if (item && !editor) {
    at("reason").value = "";
    at("ask-reason").showModal();
    at("reasons").firstElementChild.focus();
  }
}

function askNote() {
  if (item && !editor) {
    at("note").value = "";
    at("ask-note").showModal();
  }
}

function askName() {
  at("name-value").value = reviewer;
  at("ask-name").showModal();
  at("name-value").select();
}

function goOn() {
  at("name").textContent = reviewer;
  at("name").ariaLabel = `You are ${reviewer}; change`;
  advance();
}

function takeName(event) {
  const name = at("name-value").value.trim();
  if (name === "") {
    event.preventDefault();
    return;
  }
  reviewer = name;
  localStorage.setItem(kName, name);
  goOn();
}

function reject(reason) {
  if (reason.trim() !== "") {
    at("ask-reason").close();
    judge("reject", reason.trim());
  }
}

const kKeys = { a: () => judge("accept"), e: () => edit(), r: askReason, f: askNote, u: undo, "?": () => at("keys").showModal() };

function pressKey(event) {
  const isWriting = event.target.matches("textarea, input:not([type=radio])");
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting || event.isComposing) {
    return;
  }
  if (at("ask-reason").open && kReasons[event.key - 1]) {
    event.preventDefault();
    reject(kReasons[event.key - 1]);
  }
  if (document.querySelector("dialog[open]")) {
    return;
  }
  const action = /^[1-9]$/.test(event.key) ? () => choose(event.key - 1) : kKeys[event.key.toLowerCase()];
  if (event.key === "Escape") {
    at("figures").open = false;
  } else if (action && !event.repeat && !isBusy) {
    event.preventDefault();
    action();
  }
}

function bind() {
  for (const [id, action] of [["accept", kKeys.a], ["edit", kKeys.e], ["reject", askReason], ["flag", askNote], ["undo", undo], ["help", kKeys["?"]], ["name", askName]]) {
    at(id).addEventListener("click", () => isBusy || action());
  }
  at("reasons").replaceChildren(...kReasons.map((reason, index) =>
    element("button", { type: "button", onclick: () => reject(reason) }, [element("kbd", { textContent: index + 1, ariaHidden: "true" }), ` ${reason}`])));
  for (const leave of document.querySelectorAll(".leave")) {
    leave.addEventListener("click", () => leave.closest("dialog").close());
  }
  at("ask-reason").querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    reject(at("reason").value);
  });
  const flag = (event) => {
    event.preventDefault();
    if (at("note").value.trim() !== "") {
      at("ask-note").close();
      judge("flag", at("note").value.trim());
    }
  };
  at("ask-note").querySelector("form").addEventListener("submit", flag);
  at("note").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      flag(event);
    }
  });
  at("ask-name").querySelector("form").addEventListener("submit", takeName);
  at("ask-name").addEventListener("cancel", (event) => reviewer || event.preventDefault());
  document.addEventListener("keydown", pressKey);
}

bind();
drawTools();
setInterval(() => (reviewer && !item ? advance() : null), kPoll_ms);
if (reviewer) {
  goOn();
} else {
  askName();
}
