// A short name from a German title: „Leere Läden“ becomes leere-laeden, and the placeholder of a
// stored fact, „{programm.titel}: neue Ideen“, leaves nothing behind.
const SPELLED_OUT = { "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS" };

if (window.URLify) {
  const urlify = window.URLify;
  window.URLify = (text, ...rest) => {
    const words = text.normalize("NFC").replace(/\{[^{}]*\}/g, " ");
    return urlify(words.replace(/[äöüÄÖÜßẞ]/g, (letter) => SPELLED_OUT[letter]), ...rest);
  };
}
