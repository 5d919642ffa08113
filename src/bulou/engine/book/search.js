(function () {
  var rows = document.querySelectorAll("[data-rule]"), box = document.getElementById("search"), told, field;
  if (!box) { return; }
  box.innerHTML = '<label for="q">检索：写一个或几个词 <span lang="en">Search</span></label> <input id="q" type="search" autocomplete="off"> <span id="told" role="status"></span>';
  field = document.getElementById("q");
  told = document.getElementById("told");
  function look() {
    var words = field.value.trim().toLowerCase().split(/\s+/), shown = 0;
    rows.forEach(function (row) {
      var text = row.textContent.toLowerCase(), fits = words.every(function (word) { return text.indexOf(word) >= 0; });
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    told.textContent = field.value.trim() ? shown + " 条" : "";
  }
  field.addEventListener("input", look);
  if (location.hash.indexOf("#q=") === 0) { field.value = decodeURIComponent(location.hash.slice(3)); look(); }
})();
