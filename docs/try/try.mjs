import { loadPyodide } from "./pyodide.mjs";

const status = document.querySelector("#status");
const button = document.querySelector("#look");
const out = document.querySelector("#out");

async function ready() {
  const python = await loadPyodide({ indexURL: new URL("./", import.meta.url).href });
  status.textContent = "Loading deescalate …";
  for (const name of await (await fetch("./wheels.json")).json()) {
    python.unpackArchive(await (await fetch(`./${name}`)).arrayBuffer(), "wheel");
  }
  await python.runPythonAsync(await (await fetch("./look.py")).text());
  return python.globals.get("look");
}

try {
  const began = performance.now();
  const look = await ready();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  status.textContent = `Ready after ${seconds} s. Nothing that you type leaves this page.`;
  button.disabled = false;
  button.addEventListener("click", () => {
    const message = document.querySelector("#message").value;
    const draft = document.querySelector("#draft").value;
    out.innerHTML = look(message, draft); // escaped where it is made
  });
  button.click();
} catch (error) {
  status.textContent = `It did not start: ${error}`;
}
