// Conversations and settings, kept in this browser alone.
//
// A conversation is { id, title, turns }; a turn { role, text, reasoning, tokens, finish }, where a token is
// [text, probability, [[alternative, probability], ...]].

const kConversations = "rorqual-conversations";
const kSettings = "rorqual-settings";
const kKept = 50;  // conversations

function read(name, fallback) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? fallback;
  } catch {
    return fallback;
  }
}

export const settings = {
  model: "",
  system: "",
  temperature: 0.7,
  top_p: 1,
  max_tokens: null,
  probabilities: false,
  ...read(kSettings, {}),
};

export function saveSettings() {
  localStorage.setItem(kSettings, JSON.stringify(settings));
}

export let conversations = read(kConversations, []);

export function saveConversations() {
  conversations = conversations.filter((one) => one.turns.length > 0).slice(0, kKept);
  // Where the browser's room is used up, the oldest go.
  for (let kept = conversations.length; kept >= 0; kept--) {
    try {
      localStorage.setItem(kConversations, JSON.stringify(conversations.slice(0, kept)));
      return;
    } catch {}
  }
}

export function begin() {
  return { id: crypto.randomUUID(), title: "", turns: [] };
}

export function keep(conversation) {
  conversation.title ||= conversation.turns[0]?.text.slice(0, 60) ?? "";
  conversations = [conversation, ...conversations.filter((one) => one.id !== conversation.id)];
  saveConversations();
}

export function forget(id) {
  conversations = conversations.filter((one) => one.id !== id);
  saveConversations();
}
