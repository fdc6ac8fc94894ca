"use strict";
(function () {
  var data = JSON.parse(document.getElementById("film").textContent);
  var canvases = document.querySelectorAll("canvas.zone");
  var slider = document.getElementById("time");
  var button = document.getElementById("play");
  var clock = document.getElementById("clock");
  var cursor = document.getElementById("cursor");
  var still = window.matchMedia("(prefers-reduced-motion: reduce)");
  var frame = 0, isPlaying = false, last = 0;

  function colours() {
    var style = getComputedStyle(document.documentElement);
    var tones = {};
    ["ink", "axis", "after", "before", "sweep", "limit", "band"].forEach(function (name) {
      tones[name] = style.getPropertyValue("--" + name).trim();
    });
    return tones;
  }

  function view(draw, scene, shot, tones, width, top, height, up) {
    var px = width / (data.y[1] - data.y[0]);
    var low = up === 0 ? data.x[0] : data.z[0];
    function x(point) { return (point[1] - data.y[0]) * px; }
    function y(point) { return top + height - (point[up] - low) * px; }
    draw.save();
    draw.beginPath(); draw.rect(0, top, width, height + 4); draw.clip();
    draw.globalAlpha = 0.55; draw.fillStyle = tones.band; draw.fillRect(0, top, width, height); draw.globalAlpha = 1;
    [0, 1].forEach(function (wanted) {
      scene.channels.forEach(function (place, number) {
        if (shot.open[number] !== wanted) { return; }
        var half = wanted ? 5 : 3.6;
        draw.fillStyle = wanted ? tones.after : tones.axis;
        draw.fillRect(x(place) - half, y(place) - half, 2 * half, 2 * half);
      });
    });
    scene.vesicles.forEach(function (centre) {
      draw.beginPath(); draw.arc(x(centre), y(centre), scene.radius * px, 0, 2 * Math.PI);
      draw.globalAlpha = 0.16; draw.fillStyle = tones.sweep; draw.fill(); draw.globalAlpha = 1;
      draw.strokeStyle = tones.sweep; draw.lineWidth = 1.5; draw.stroke();
    });
    draw.fillStyle = tones.before;
    for (var i = 0; i < shot.ions.length; i += 3) {
      var ion = [shot.ions[i], shot.ions[i + 1], shot.ions[i + 2]];
      draw.beginPath(); draw.arc(x(ion), y(ion), Math.max(1.6, width / 220), 0, 2 * Math.PI); draw.fill();
    }
    draw.fillStyle = tones.limit;
    shot.bound.forEach(function (number) {
      var site = scene.sites[number], r = 4;
      draw.beginPath(); draw.moveTo(x(site), y(site) - r); draw.lineTo(x(site) + r, y(site));
      draw.lineTo(x(site), y(site) + r); draw.lineTo(x(site) - r, y(site)); draw.fill();
    });
    if (up === 2) { draw.fillStyle = tones.ink; draw.fillRect(0, top + height - 1, width, 2); }
    draw.restore();
  }

  function paint() {
    var tones = colours();
    canvases.forEach(function (canvas, number) {
      var scene = data.scenes[number], shot = scene.shots[frame];
      var width = canvas.clientWidth, sharp = window.devicePixelRatio || 1;
      var above = width * 210 / 320, side = width * 150 / 320, height = above + 12 + side + 4;
      canvas.style.height = height + "px";
      canvas.width = Math.round(width * sharp); canvas.height = Math.round(height * sharp);
      var draw = canvas.getContext("2d");
      draw.setTransform(sharp, 0, 0, sharp, 0, 0);
      view(draw, scene, shot, tones, width, 0, above, 0);
      view(draw, scene, shot, tones, width, above + 12, side, 2);
      document.getElementById("open-" + number).textContent =
        shot.open.reduce(function (sum, one) { return sum + one; }, 0) + " of " + shot.open.length;
      document.getElementById("entered-" + number).textContent = shot.entered;
      document.getElementById("bound-" + number).textContent = shot.bound.length;
    });
    var words = data.time[frame].toFixed(2) + " ms, " + Math.round(data.voltage[frame]).toString().replace("-", "−") + " mV";
    clock.textContent = words;
    slider.value = frame;
    slider.setAttribute("aria-valuetext", words);
    cursor.setAttribute("x1", data.cursor[frame]); cursor.setAttribute("x2", data.cursor[frame]);
  }

  function tick(now) {
    if (!isPlaying) { return; }
    if (now - last > 90) { last = now; frame = (frame + 1) % data.time.length; paint(); }
    window.requestAnimationFrame(tick);
  }
  function play(wanted) {
    isPlaying = wanted;
    button.textContent = wanted ? "Pause" : "Play";
    if (wanted) { window.requestAnimationFrame(tick); }
  }
  button.addEventListener("click", function () { play(!isPlaying); });
  slider.addEventListener("input", function () { play(false); frame = Number(slider.value); paint(); });
  window.addEventListener("resize", paint);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  still.addEventListener("change", function () { if (still.matches) { play(false); } });
  slider.max = data.time.length - 1;
  frame = still.matches ? data.still : 0;
  paint();
  if (!still.matches) { play(true); }
})();
