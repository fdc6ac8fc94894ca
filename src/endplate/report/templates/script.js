"use strict";
(function () {
  var root = document.documentElement;
  var choices = document.querySelectorAll('input[name="theme"]');
  function apply(theme) {
    if (theme === "light" || theme === "dark") { root.setAttribute("data-theme", theme); }
    else { root.removeAttribute("data-theme"); }
  }
  var kept = "system";
  try { kept = localStorage.getItem("endplate-theme") || "system"; } catch (ignored) { kept = "system"; }
  choices.forEach(function (choice) {
    choice.checked = choice.value === kept;
    choice.addEventListener("change", function () {
      apply(choice.value);
      try { localStorage.setItem("endplate-theme", choice.value); } catch (ignored) { /* file pages may not store */ }
    });
  });
  apply(kept);
})();
